"""Django's settings for the pages: sign-in, sessions, cookies, what a browser may load.

No function of a page needs more than its own origin, so the Content-Security-Policy names nothing
else; the only exception is ``data:`` for the picture of a second factor's secret.
"""

from pathlib import Path
from urllib.parse import urlsplit

from siegel.config.schema import Settings

HERE = Path(__file__).parent.parent / "web"
SESSION_SECONDS = 12 * 3600  # a working day; whoever comes back tomorrow signs in anew
REAUTHENTICATED_SECONDS = 300  # so long a password counts for keys and trust
UPLOAD_OCTETS = 8 * 1024 * 1024  # of one request; a .p12 has a few thousand
FIELDS_AT_MOST = 400  # of one form
A_YEAR = 365 * 24 * 3600
REMEMBERED = 100_000  # counters of attempts; a flood of strange addresses pushes none out
PROVIDER = "organisation"  # how django-allauth calls the organisation's identity provider

APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "siegel.store",
    "siegel.web",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]
MIDDLEWARE = [
    "siegel.web.headers.strict_headers",
    "siegel.web.pki.door.door",
    "siegel.web.partner_host.partner_host",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "siegel.web.person.preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "siegel.web.login.activity.last_seen",
    "siegel.web.login.gate.gate",
]
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}


def pages(settings: Settings) -> dict[str, object]:
    """What ``derive`` adds for the pages."""
    return {
        "MIDDLEWARE": MIDDLEWARE,
        "INSTALLED_APPS": APPS,
        "ROOT_URLCONF": "siegel.web.urls",
        "TEMPLATES": [_templates()],
        "FORM_RENDERER": "siegel.web.forms.Renderer",
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": POLICY},
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": UPLOAD_OCTETS,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": FIELDS_AT_MOST,
        "FILE_UPLOAD_HANDLERS": ["siegel.web.uploads.Uploads"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": UPLOAD_OCTETS,
        "LANGUAGE_CODE": settings.organisation.language,
        "LANGUAGES": [("de", "Deutsch"), ("en", "English")],
        "LANGUAGE_COOKIE_NAME": "siegel_language",
        "LANGUAGE_COOKIE_AGE": A_YEAR,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
        "LOCALE_PATHS": sorted(str(path) for path in HERE.glob("**/locale")),
        **_static(settings),
        **_origin(settings),
        **_sessions(settings),
        **_sign_in(settings),
        **_attempts(settings),
        **_provider(settings),
    }


def _templates() -> dict[str, object]:
    slices = sorted(path for path in HERE.glob("*/templates") if path.is_dir())
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates", *slices],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "siegel.web.context.page",
            ],
        },
    }


def _static(settings: Settings) -> dict[str, object]:
    """Collected once at the start of the web role, with names that change with the content."""
    return {
        "STATIC_URL": "/static/",
        "STATIC_ROOT": settings.store.data_dir / "static",
        "STATICFILES_DIRS": [HERE / "static"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "siegel.web.static_files.Named"},
        },
        "WHITENOISE_MAX_AGE": 3600,
        "WHITENOISE_ALLOW_ALL_ORIGINS": False,
    }


def _origin(settings: Settings) -> dict[str, object]:
    parts = urlsplit(settings.web.url)
    secure = parts.scheme == "https"
    own = [parts.hostname] if parts.hostname else []
    partner = settings.directory.hosts
    found: dict[str, object] = {
        "ALLOWED_HOSTS": [
            *own,
            *partner,
            settings.web.listen.host,
            "localhost",
            "127.0.0.1",
            "[::1]",
        ],
        "CSRF_TRUSTED_ORIGINS": [
            *([settings.web.url] if settings.web.url else []),
            *(f"https://{host}" for host in partner),
        ],
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "LANGUAGE_COOKIE_SECURE": secure,
        "SECURE_REFERRER_POLICY": "same-origin",
    }
    if secure:
        found["SECURE_PROXY_SSL_HEADER"] = ("HTTP_X_FORWARDED_PROTO", "https")
        found["SECURE_HSTS_SECONDS"] = A_YEAR
    return found


def _sessions(settings: Settings) -> dict[str, object]:
    del settings
    return {
        "SESSION_COOKIE_NAME": "siegel_session",
        "SESSION_COOKIE_AGE": SESSION_SECONDS,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_NAME": "siegel_csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_FAILURE_VIEW": "siegel.web.errors.csrf_failure",
        "USERSESSIONS_TRACK_ACTIVITY": True,
    }


def _sign_in(settings: Settings) -> dict[str, object]:
    """django-allauth: nobody signs up by himself, an e-mail address is the name."""
    return {
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "landing",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("email", "display_name")},
            },
        ],
        "ACCOUNT_ADAPTER": "siegel.web.login.adapter.AccountAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": REAUTHENTICATED_SECONDS,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_FORMS": {
            "login": "siegel.web.login.forms.LoginForm",
            "change_password": "siegel.web.login.forms.ChangePasswordForm",
            "reauthenticate": "siegel.web.login.forms.ReauthenticateForm",
        },
        "MFA_ADAPTER": "siegel.web.login.adapter.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_FORMS": {
            "authenticate": "siegel.web.login.forms.CodeForm",
            "reauthenticate": "siegel.web.login.forms.CodeAgainForm",
            "activate_totp": "siegel.web.login.forms.ActivateForm",
            "add_webauthn": "siegel.web.login.forms.AddKeyForm",
            "edit_webauthn": "siegel.web.login.forms.RenameKeyForm",
        },
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not settings.web.url.startswith("https"),
        "MFA_TOTP_TOLERANCE": 1,  # a clock may be off by half a minute (RFC 6238 §5.2)
        "MFA_TOTP_ISSUER": settings.organisation.name or "Siegel",
    }


def _attempts(settings: Settings) -> dict[str, object]:
    """How often somebody may try, for each address and for each client. The counters lie in the
    one process of the web role and are gone after a restart.

    Who a client is: behind a TLS proxy the last entry of X-Forwarded-For, which the proxy itself
    wrote; without one the other end of the connection. Nothing else of that field counts.
    """
    return {
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "OPTIONS": {"MAX_ENTRIES": REMEMBERED},
            }
        },
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if settings.web.url.startswith("https") else 0,
        "ACCOUNT_RATE_LIMITS": {
            "login": "30/m/ip",
            "login_failed": "10/m/ip,5/5m/key,20/h/key",
            "reauthenticate": "10/m/user",
            "change_password": "5/m/user",
        },
        "MFA_RATE_LIMITS": {"webauthn_login": "30/m/ip"},
    }


def _provider(settings: Settings) -> dict[str, object]:
    oidc = settings.web.oidc
    found: dict[str, object] = {
        "SOCIALACCOUNT_ADAPTER": "siegel.web.login.adapter.OrganisationAccountAdapter",
        "SOCIALACCOUNT_PROVIDERS": {},
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
        "SOCIALACCOUNT_STORE_TOKENS": False,
    }
    if oidc.issuer and oidc.client_secret is not None:
        app = {
            "provider_id": PROVIDER,
            "name": settings.organisation.name,
            "client_id": oidc.client_id,
            "secret": oidc.client_secret.reveal().decode("utf-8"),
            "settings": {"server_url": oidc.issuer.rstrip("/"), "oauth_pkce_enabled": True},
        }
        found["SOCIALACCOUNT_PROVIDERS"] = {"openid_connect": {"APPS": [app]}}
    return found
