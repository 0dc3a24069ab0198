"""What a bucket refuses, in sentences: what is wrong, and who must do what."""

from typing import Any

from xgoals.domain.errors import StoreError, UnwritableError

MISSING = frozenset({"NoSuchKey", "404"})
_WRONG_KEYS = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthFailure", "InvalidClientTokenId", "InvalidToken"}
    | {"ExpiredToken", "ExpiredTokenException", "RequestTimeTooSkewed", "InvalidSecurity"}
)
_FORBIDDEN = frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem", "403"})
_ELSEWHERE = frozenset({"PermanentRedirect", "AuthorizationHeaderMalformed", "301"})
_FULL = frozenset({"QuotaExceeded", "InsufficientStorage", "507", "XMinioStorageFull"})
RIGHTS = "s3:ListBucket on the bucket, s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it"


def code_of(error: Any) -> str:
    """The code of an answer that refuses, such as ``NoSuchKey``; empty where there was no answer."""
    answer = getattr(error, "response", None) or {}
    return str(answer.get("Error", {}).get("Code", ""))


def told(error: Exception, bucket: str, where: str, *, writing: bool) -> StoreError:
    """An error of botocore's as one of ours.

    Parameters
    ----------
    writing
        Whether something was to be written or removed.
    """
    code = code_of(error)
    what, advice = _answered(code, bucket) if code else _unanswered(error)
    kind = UnwritableError if writing and code in _FORBIDDEN | _FULL else StoreError
    return kind(f"{what} ({_short(error)})", where=where, advice=advice)


def _answered(code: str, bucket: str) -> tuple[str, str]:
    if code == "NoSuchBucket":
        return f"there is no bucket '{bucket}'", "Make it, or mend storage_url"
    if code in _WRONG_KEYS:
        return (
            "the keys for the storage are not accepted",
            "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and this machine's clock",
        )
    if code in _FORBIDDEN:
        return "the storage refuses it to these keys", f"They need {RIGHTS}"
    if code in _ELSEWHERE:
        return f"the bucket '{bucket}' lies in another region", "Set AWS_REGION to the bucket's"
    if code in _FULL:
        return "the storage is full", "Make room ('xgoals clean --dry-run' shows what may go), then run again"
    return (
        "the storage does not do it now",
        "Nothing is half written and it is tried again; if that lasts, ask who runs the storage",
    )


def _unanswered(error: Exception) -> tuple[str, str]:
    from botocore.exceptions import NoCredentialsError, ParamValidationError, PartialCredentialsError

    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return (
            "there are no keys for the storage",
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role",
        )
    if isinstance(error, ParamValidationError):
        return "there can be no such bucket or file", "Mend storage_url"
    return (
        "the storage does not answer",
        "Check the network, AWS_ENDPOINT_URL where it is not Amazon's, and that it runs; it is tried again",
    )


def _short(error: Any) -> str:
    """What the server says, or what the library makes of its silence."""
    said = (getattr(error, "response", None) or {}).get("Error", {})
    text = f"{said['Code']}: {said.get('Message', '')}" if said.get("Code") else str(error)
    return " ".join(text.split()).rstrip(".: ")
