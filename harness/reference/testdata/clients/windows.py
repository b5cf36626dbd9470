"""Logs in to Pyramid by requests-ntlm, and prints what came: the status, and the token where there is one."""
import os

import requests
from requests_ntlm import HttpNtlmAuth

session = requests.Session()
session.auth = HttpNtlmAuth(os.environ["NAME"], os.environ["PASSWORD"])
answer = session.post(
    os.environ["URL"] + "/API2/auth/authenticateUserWindows",
    data="null",
    headers={"Content-Type": "application/json"},
    verify=os.environ.get("AUTHORITY") or True,
)
print(answer.status_code, answer.text if answer.ok else "")
