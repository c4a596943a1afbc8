import json

from bcflow.models.jobs import FLOWS
from bcflow.runner.jobfiles.schema import job_file_schema


def test_the_schema_describes_every_flow() -> None:
    schema = job_file_schema()
    assert json.loads(json.dumps(schema)) == schema
    flows = [each for each in schema["$defs"].values() if "flow" in each.get("properties", {})]
    assert {each["properties"]["flow"]["const"] for each in flows} == set(FLOWS)
    invite = schema["$defs"]["InviteMember"]
    assert set(invite["required"]) == {"flow", "email", "role"}
    assert invite["additionalProperties"] is False
    assert "business_center" not in schema["$defs"]["CreateBusinessCenter"]["properties"]


def test_every_field_is_described() -> None:
    for definition in job_file_schema()["$defs"].values():
        for name, field in definition.get("properties", {}).items():
            assert name == "flow" or field["description"]
