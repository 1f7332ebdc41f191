"""A notice as lawyers and machines cite it."""

from typing import Any

from archive.models import Notice, Validity

# https://schema.org/LegalForceStatus; an unknown validity is left unsaid.
LEGAL_FORCE = {
    Validity.IN_FORCE: "https://schema.org/InForce",
    Validity.PARTLY_REPEALED: "https://schema.org/PartiallyInForce",
    Validity.REPEALED: "https://schema.org/NotInForce",
}


def cite(notice: Notice) -> str:
    """《国家税务总局关于…的通知》（国税函〔2008〕608号）: the issuer is named where the title does not."""
    issuer = "、".join(notice.authorities) if notice.title.startswith("关于") else ""
    return f"《{issuer}{notice.title}》" + (f"（{notice.number}）" if notice.number else "")


def json_ld(notice: Notice, url: str) -> dict[str, Any]:
    """The notice as https://schema.org/Legislation, without what is not known."""
    said = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": url,
        "url": url,
        "name": notice.title,
        "legislationIdentifier": str(notice.number) if notice.number else None,
        "legislationType": notice.kind,
        "legislationDate": notice.issued_on and notice.issued_on.isoformat(),
        "legislationDateVersion": notice.effective_on and notice.effective_on.isoformat(),
        "datePublished": notice.published_on and notice.published_on.isoformat(),
        "expires": notice.expires_on and notice.expires_on.isoformat(),
        "legislationLegalForce": LEGAL_FORCE.get(notice.validity),
        "legislationPassedBy": [{"@type": "GovernmentOrganization", "name": name} for name in notice.authorities],
        "about": list(notice.topics),
        "citation": [str(citation.number) for citation in notice.citations if citation.number],
        "inLanguage": "zh-CN",
    }
    return {name: value for name, value in said.items() if value}
