"""pypsrp as the client of our simulator.

Reads one JSON object from standard input: url, user, password, ca, and steps:
{cmdlet, parameters, secrets, stop}. Runs the steps in one runspace pool, closes
it, and writes what came of each as JSON to standard output.
"""

import json
import sys
from urllib.parse import urlparse

from pypsrp.complex_objects import GenericComplexObject, ObjectMeta
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan


def plain(value):
    """A value as JSON can hold it; objects with their properties."""
    if isinstance(value, GenericComplexObject):
        properties = {**value.adapted_properties, **value.extended_properties}
        return {"types": value.types, "text": value.to_string, "properties": {k: plain(v) for k, v in properties.items()}}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def run(pool, step):
    shell = PowerShell(pool)
    shell.add_cmdlet(step["cmdlet"])
    for name, value in step.get("parameters", {}).items():
        shell.add_parameter(name, value)
    for name, value in step.get("secrets", {}).items():
        pool.exchange_keys()
        shell.add_parameter(name, pool.serialize(value, ObjectMeta("SS")))
    failure = None
    if step.get("stop"):
        shell.begin_invoke()
        shell.poll_invoke()
        shell.stop()
    else:
        try:
            shell.invoke()
        except Exception as error:  # a pipeline that failed raises; its state and streams say the rest
            failure = str(error)
    return {
        "state": shell.state,
        "failure": failure,
        "output": [plain(o) for o in shell.output],
        "errors": [{"text": str(e), "id": e.fq_error, "category": e.category} for e in shell.streams.error],
        "warnings": [w.message for w in shell.streams.warning],
        "progress": [p.activity for p in shell.streams.progress],
        "information": len(shell.streams.information),
    }


def main():
    job = json.load(sys.stdin)
    url = urlparse(job["url"])
    path = url.path.lstrip("/") + ("?" + url.query if url.query else "")
    wsman = WSMan(
        url.hostname, port=url.port, path=path, ssl=True, auth="basic", username=job["user"],
        password=job["password"], cert_validation=job["ca"], no_proxy=True, operation_timeout=10,
        read_timeout=300,  # a busy machine is no fault
    )
    results = []
    with RunspacePool(wsman, configuration_name="Microsoft.Exchange") as pool:
        version = str(pool.protocol_version)
        for step in job["steps"]:
            results.append(run(pool, step))
    json.dump({"version": version, "results": results}, sys.stdout)


if __name__ == "__main__":
    main()
