"""Every setting of one installation, in one typed class, from the environment.

A missing `SECRET_KEY` is made once and kept in `data/secret_key`, readable by its owner only: sign-in cookies, pass
cookies and the peppers of open rounds depend on it, so it must survive a restart.
"""

import os
import secrets
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Names are read from the environment without prefix, in upper case (`DATABASE_URL`, `BASE_URL`, …)."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    phone_port: int = Field(default=0, ge=0, le=65535)
    phone_processes: int = Field(default=2, ge=1, le=32)
    base_url: str = ""
    data_folder: Path = ROOT / "data"
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")

    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    lock_wait_seconds: float = Field(default=10.0, gt=0)

    grace_seconds: int = Field(default=5, ge=1)
    """How long a server that is told to end may still answer what it has begun. A phone that lost its network in the
    middle of a form must not keep anybody from starting again."""

    home_cell_resolution: int = Field(default=9, ge=7, le=10)
    street_cell_resolution: int = Field(default=10, ge=7, le=11)

    shift_begins: int = Field(default=7, ge=0, le=7)
    """The hour at which the first of three shifts of eight hours begins in the city."""

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = ""
    outbox_days: int = Field(default=30, ge=1, le=3650)
    """So long mails stay in the outbox, where no server sends them: they hold addresses."""

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "City account"

    @field_validator("mail_from")
    @classmethod
    def _one_sender(cls, text: str) -> str:
        address = parseaddr(text)[1]
        if text and ("@" not in address or not text.isprintable() or not text.isascii()):
            raise ValueError("write one address, as in: Common Beat <beat@example.org>")
        return text

    @property
    def database(self) -> str:
        """The SQLAlchemy address: `DATABASE_URL` with the psycopg 3 driver named, or the SQLite file in `data/`."""
        url = self.database_url
        if not url:
            return f"sqlite:///{self.data_folder / 'common_beat.sqlite3'}"
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @property
    def address(self) -> str:
        """The address that QR codes and links carry, without a slash at the end."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def phones_port(self) -> int:
        """The port that phones in the hall are sent to: that of their own process, where there is one."""
        return self.phone_port or self.port

    @property
    def phones_address(self) -> str:
        """The address of the phone pages for this machine itself, without a slash at the end."""
        return self.address if self.base_url else f"http://localhost:{self.phones_port}"

    @property
    def is_https(self) -> bool:
        """Cookies carry the `Secure` flag only then; a hall's laptop serves plain http."""
        return self.address.startswith("https://")

    @property
    def has_oidc(self) -> bool:
        return bool(self.oidc_issuer and self.oidc_client_id)

    @property
    def sender(self) -> str:
        """Whom mails are from: `MAIL_FROM` (an address, with or without a name), else a name at `BASE_URL`'s host."""
        return self.mail_from or f"Common Beat <common-beat@{_host_of(self.address)}>"

    @property
    def mail_domain(self) -> str:
        """What stands behind the @ of the sender: it names this installation to mail servers."""
        return parseaddr(self.sender)[1].rpartition("@")[2]

    @property
    def secret(self) -> str:
        """The installation's secret, made and kept on first use."""
        return self.secret_key.get_secret_value() or _kept_secret(self.data_folder / "secret_key")


def _host_of(address: str) -> str:
    """The host of an address; with a dot, because servers refuse a sender without one."""
    host = urlsplit(address).hostname or "localhost"
    return host if "." in host and ":" not in host else "localhost.localdomain"


def _kept_secret(file: Path) -> str:
    """Read the kept secret, or make it. The complete file is linked into place, so of several starting processes one
    wins and the others read what it wrote."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as target:
            target.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _read_secret(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_secret(file: Path, changed: int) -> str:
    """Read once: each signature and each keyed hash asks for it."""
    return file.read_text(encoding="ascii").strip()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Tests call `settings.cache_clear()` after they change the environment."""
    return Settings()
