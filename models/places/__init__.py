"""Time zones, countries and currencies: what a job may say, what they are called, and how a form spells them."""
