"""Every class name the site's kits are known by; no other module writes one.

The shell's kit is `@okee-uikit/react` under a prefix that is `bc-okee`, `okee` or `byted` by page and
year, so only suffixes are matched. The ad-account wizard is an Element-UI fork under `vi-`.
"""

from __future__ import annotations

OPENER = "data-bcflow-opened"
"""Put on the button that opened a form: it is not the one that sends it, whatever it is called."""

SURFACE_MARK = "data-bcflow-surface"
"""Put on a dialog that was acted on."""

OWN_FORM = "data-bcflow-form"
"""Put on a dialog that is filled: none of its buttons dismisses anything, whatever it is called."""

# Only after a click on what may open one: a survey may come up in such a thing by itself. A later step may have no
# field.
_FORM_IN_POPOVER = (
    f':root:has([{OPENER}]) [class*="-popover-show"]:has(button):is(:has(input), [{SURFACE_MARK}])'
    ':not(:has([class*="-popover-panel"]))'
)
DIALOG = ", ".join(
    [
        '[class*="-modal-content-container"]',
        '[class*="-drawer-dialog-show"]',
        '[class*="-popover-show"] [class*="-popover-confirm-container"]',
        _FORM_IN_POPOVER,
        '[role="dialog"]',
        '[role="alertdialog"]',
    ]
)
"""An open dialog. A closed modal stays in the document hidden, a closed drawer beyond the edge of the window."""
NOT_AWAY = ':not([class*="-drawer-dialog"]:not([class*="-drawer-dialog-show"]) *)'
"""What is not in such a closed drawer."""
DIALOG_BODY = '[class*="-modal-content-container"], [class*="-drawer-content-container"], [role="dialog"]'
DIALOG_HEADING = ", ".join(
    [
        '[class*="-content-header"]',
        '[class*="-dialog__title"]',
        '[class*="-message-box__title"]',
        '[class*="-drawer__header"]',
    ]
)
LABEL = ", ".join(['[class*="-form-container-label"]', '[class*="-form-item__label"]'])
FIELD_ERROR = ", ".join(['[class*="-form-container-help"]', '[class*="-form-item__error"]'])

TRIGGER = ", ".join(
    [
        '[class*="-popper-trigger"][class*="-select-input"]',
        '[class*="-multiple-select-input-trigger"]',
        '[class*="-select"][class*="vi-"]:has(> [class*="-input"])',
        '[class*="vi-cascader"]:has(> [class*="-input"])',
    ]
)
PANEL = ", ".join(
    [
        '[class*="-popover-show"]:has([class*="-select-popover-panel"], [class*="-cascader-popover-panel"])',
        '[class*="-select-dropdown"]:not([class*="-select-dropdown__"]):not([class*="-leave-active"])',
        '[class*="-cascader__dropdown"]:not([class*="-leave-active"])',
    ]
)
"""An open panel of options; one that fades out, a tooltip, or a popover that asks something is not one."""
PANEL_OF = ", ".join(['[class*="-popover-show"]', '[class*="-select-dropdown"]:not([class*="-select-dropdown__"])'])
OPTION = ", ".join(['[data-type="select-option"]', '[class*="-select-dropdown__item"]'])
CASCADER_COLUMN = ", ".join(
    [
        '[class*="-cascader-column"]:not([class*="-cascader-column-"])',
        '[class*="-cascader-menu"]:not([class*="-cascader-menu_"])',
    ]
)
CASCADER_ITEM = ", ".join(['[class*="-cascader-item-label"]', '[class*="-cascader-node__label"]'])
TOGGLE = ", ".join(
    [
        'label[class*="-radio"]',
        'label[class*="-checkbox"]:not([class*="-list-item-checkbox"])',
        'label[class*="-switch"]',
        '[class~="vi-switch"]',
        'button[class*="-radio-button"]',
        'span[class*="-radio-tag"]',
    ]
)
TOGGLE_BOX = ", ".join(
    [
        'span[class*="-checkbox-icon"]',
        'span[class*="-radio-circle"]',
        '[class*="-switch-wrapper"]',
        '[class*="-checkbox__inner"]',
        '[class*="-radio__inner"]',
    ]
)
TOGGLE_GROUP = ", ".join(
    ['[class*="-radio-group"]', '[class*="-check-group"]', '[class*="-checkbox-group"]', '[role="radiogroup"]']
)
TEXT_INPUT = ", ".join(
    [
        f"input:not([type=radio]):not([type=checkbox]):not([type=hidden]):not([readonly]):not(:is({TRIGGER}) *)",
        "textarea",
    ]
)
FILLED_IN = ":is(input, textarea):not(:placeholder-shown)"
MULTIPLE = '[class*="-multiple-select-input-trigger"]'
ARROW = '[class*="-select-input-icon"]'
"""Of a select that takes several: a click on what was chosen would take it away again."""
CHIPS = '[class*="-multiple-input-panel"]'
CHIP = '[class*="-tag-closable"]'
CHIP_INPUT = '[class*="-multiple-input-value"]'

TOAST = ", ".join(['[class*="-message-type-"]', '[class*="vi-message--"]', '[class*="-notification-type-"]'])
DROPPED_DOWN = ", ".join(['[class*="-popover-show"]', '[class*="-dropdown-menu"]', '[class*="-select-dropdown"]'])
DROPPED = f'{DROPPED_DOWN}, [role="menu"]'
"""A menu that dropped down; the page's own may have that role, too."""
LOADING = ", ".join(['[class*="-loading-mask"]', '[class*="-btn-loading"]'])

TAB = ", ".join(['[class*="-tab-bar-item-label"]', '[class*="-tabs__item"]'])
MENU = ", ".join(['[class*="-menu"]', "nav", "aside"])
MENU_CLOSED = '[class*="-submenu-content-hide"]'
MENU_ITEM = ", ".join(
    ['[class*="-menu-line-title"]', '[class*="-menu-item"]', '[class*="-submenu-header"]', "nav a", "aside a"]
)

CODE_MARK = "data-bcflow-code"
"""Put on a field for a code that only its words told: what it is stays known when the words are gone."""
CODE_BOX = 'input[maxlength="1"]'
CODE_INPUT = ", ".join(
    [
        "#ac-sendcode-separate-input input",
        "input#ac-sendcode-separate-input",
        "input[class*='ac-sendcode-input__input']",
        "#TikTok_Ads_SSO_Login_Code_Input",
        'input[name="code"]',
        f"[{CODE_MARK}]",
    ]
)
CAPTCHA = ", ".join(
    [
        '[class*="captcha-verify-container"]',
        '[class*="captcha_verify_container"]',
        '[class*="secsdk-captcha"]',
        "#captcha-verify-image",
    ]
)

TWO_STEP_SKIP = ".two-sv-footer button"
DISMISS = ", ".join(
    [
        '[class*="vi-byted-button"][class*="footer-btn"][class*="vi-button--default"]',
        '[class*="survey"] [class*="close"]',
        '[class*="feelgood"] [class*="close"]',
    ]
)
SAYS_NO = ", ".join(
    [
        '[class*="-message-type-error"]',
        '[class*="-message-type-warning"]',
        '[class*="vi-message--error"]',
        '[class*="vi-message--warning"]',
        '[class*="-notification-type-error"]',
        '[class*="-info-type-error"]',
        '[class*="vi-alert--error"]',
    ]
)
BLOCK_MARK = "data-bcflow-block"
"""Put on a block that stands for a row."""
ROWS = ", ".join(["tbody tr", '[class*="-table-body"] [class*="-table-row"]', f"[{BLOCK_MARK}]"])
NEXT = ", ".join(['[class*="-pager-item"]:has([class*="-icon-right"])', ".btn-next"])
NUMBERS = ", ".join(['li[class*="-pager-item"]', ".vi-pager li.number"])
LIST = ", ".join(
    [
        '[class*="-pager-record"]',
        'li[class*="-pager-item"]',
        "tbody tr",
        '[class*="-table-row"]',
        '[class*="-empty-inner-text"]',
        '[class*="-table__empty-text"]',
    ]
)
CODE_ERROR = ", ".join(
    [SAYS_NO, FIELD_ERROR, '[class*="error-msg"]', '[class*="error-tip"]', '[class*="input__error"]']
)
ROW_ABOVE = "xpath=ancestor-or-self::*[self::tr or contains(@class,'-table-row')][1]"
CARD = ".selection-item, .bc-card:not(:has(.selection-item)):not(.selection-item .bc-card)"
CARD_NAME = '[class*="basic-info__header__name"]'

LOGIN_NAME = ", ".join(
    [
        'input[name="email"]',
        'input[name="username"]',
        'input[type="email"]',
        "#TikTok_Ads_SSO_Login_Email_Input",
    ]
)
LOGIN_PASSWORD = ", ".join(['input[type="password"]', 'input[name="password"]', "#TikTok_Ads_SSO_Login_Pwd_Input"])
SECRET_FIELD = ", ".join([LOGIN_PASSWORD, CODE_BOX, CODE_INPUT])
LOGIN_BUTTON = ", ".join(["#TikTok_Ads_SSO_Login_Btn_new", "#TikTok_Ads_SSO_Login_Btn", "button.login-btn"])
LOGIN_SUBMIT = ", ".join(f"form:has({field}) button[type=submit]" for field in LOGIN_PASSWORD.split(", "))
LOGIN_EMAIL_TAB = "#TikTok_Ads_SSO_Login_Email_Panel_Button"
LOGIN_ERROR = ", ".join(['[class*="login-error-tip"]', '[class*="error-msg"]', SAYS_NO])
DATA = ", ".join(["tbody tr", '[class*="-table-row"]', ".selection-item", ".bc-card"])
"""What only a session is shown: rows and account cards."""
NOTHING = ":not(*)"
"""Matches no element: an entry that is not there."""
