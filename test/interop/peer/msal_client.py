"""Signs in to the simulator's authority with MSAL for Python, in every way that
it has without a browser of its own (not by password: for that it asks a port
that is not ours), and asks the REST door with the token.

Reads a job from standard input, writes what came of each way as JSON.
"""

import json
import re
import sys
import threading
import urllib.parse

import msal
import requests


def invoke(job, http, token, tenant):
    answer = http.post(
        f"{job['rest']}/adminapi/beta/{tenant}/InvokeCommand",
        headers={"Authorization": "Bearer " + token, "Prefer": "odata.maxpagesize=1000"},
        json={"CmdletInput": {"CmdletName": "Get-OrganizationConfig", "Parameters": {}}},
    )
    answer.raise_for_status()
    return answer.json()["value"][0]["Name"]


def browse(job, http, flow):
    """What a person does in the browser: the page, the form, the way back."""
    page = http.get(flow["auth_uri"])
    page.raise_for_status()
    form = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text))
    form = {name: text.replace("&amp;", "&").replace("&#43;", "+") for name, text in form.items()}
    form.update(login=job["account"], passwd=job["password"])
    action = urllib.parse.urljoin(flow["auth_uri"], re.search(r'action="([^"]*)"', page.text).group(1))
    back = http.post(action, data=form, allow_redirects=False)
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back.headers["Location"]).query))


def main():
    job = json.load(sys.stdin)
    http = requests.Session()
    http.verify = job["ca"]
    http.trust_env = False  # REQUESTS_CA_BUNDLE would have the last word
    scopes = [job["rest"] + "/.default"]
    result = {}

    def app(tenant):
        return msal.PublicClientApplication(
            job["client"], authority=job["authority"].replace("organizations", tenant), http_client=http, instance_discovery=False
        )

    def keep(way, answer, tenant):
        if "access_token" not in answer:
            result[way] = {"error": answer.get("error"), "description": answer.get("error_description", "")}
            return answer
        result[way] = {"name": invoke(job, http, answer["access_token"], tenant), "source": answer.get("token_source")}
        return answer

    people = app("organizations")
    flow = people.initiate_auth_code_flow(scopes, redirect_uri="http://localhost:9", login_hint=job["account"])
    keep("browser", people.acquire_token_by_auth_code_flow(flow, browse(job, http, flow)), job["home"])

    account = people.get_accounts()[0]
    keep("silent", people.acquire_token_silent(scopes, account), job["home"])
    customer = msal.PublicClientApplication(
        job["client"], authority=job["authority"].replace("organizations", job["customer"]), http_client=http, instance_discovery=False, token_cache=people.token_cache
    )
    keep("customer", customer.acquire_token_silent(scopes, account) or {}, job["customer"])

    devices = app("organizations")
    flow = devices.initiate_device_flow(scopes)
    login = threading.Timer(0.2, lambda: http.post(
        flow["verification_uri"], data={"user_code": flow["user_code"], "login": job["account"], "passwd": job["password"]}
    ))
    login.start()
    keep("device", devices.acquire_token_by_device_flow(flow), job["home"])
    login.join()

    pem = open(job["certificate"]).read()
    certificate = pem[: pem.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    application = msal.ConfidentialClientApplication(
        job["client"], authority=job["authority"].replace("organizations", job["customer"]), http_client=http, instance_discovery=False,
        client_credential={"private_key": pem[pem.index("-----BEGIN PRIVATE KEY-----"):], "public_certificate": certificate},
    )
    keep("application", application.acquire_token_for_client(scopes), job["customer"])
    json.dump(result, sys.stdout)


main()
