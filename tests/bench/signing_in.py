"""Signing in to a served demonstration city, as the sign-in page's form does."""

import httpx


def signed_in(url: str, email: str) -> dict[str, str]:
    """The cookies of a person of the demonstration city."""
    with httpx.Client(base_url=url, headers={"Origin": url}) as client:
        client.get("/signin")
        answer = client.post("/signin", data={"email": email, "password": "common beat demo"})
        assert answer.status_code == 303, answer.text
        return dict(client.cookies)
