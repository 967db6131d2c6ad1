"""Carries out AWS CLI v2 commands one after the other, each with a driver of
its own, in one process that keeps the CLI's code and models: that takes a
tenth of a start's time.

Reads a line of JSON with "args", "env" and "dir" for each command, and answers
with a line that holds "code", "stdout" and "stderr"."""
import json
import os
import sys
import tempfile

import awscli.clidriver
import botocore.session
from botocore import loaders
from botocore.exceptions import UnknownServiceError

DATA = os.environ["AWS_DATA_PATH"]  # importing awscli has set it


def once(function):
    known = {}

    def remembered(self, *args, **named):
        key = args + tuple(named.values())
        if key not in known:
            known[key] = function(self, *args, **named)
        return known[key]

    return remembered


loaders.JSONFileLoader.load_file = once(loaders.JSONFileLoader.load_file)
loaders.Loader.list_available_services = once(loaders.Loader.list_available_services)
# For the user agent it would start a program.
awscli.clidriver._get_linux_distribution = lambda: "linux"


def carry_out(job):
    os.environ.clear()
    os.environ.update(job["env"], AWS_DATA_PATH=DATA)
    os.chdir(job["dir"])
    sys.argv = ["aws"] + job["args"]
    kept = os.dup(1), os.dup(2)
    streams = sys.stdout, sys.stderr
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        try:
            code = awscli.clidriver.main()
        except SystemExit as stop:
            code = stop.code
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            sys.stdout, sys.stderr = streams  # colorama puts its own in their place
            for fd, old in enumerate(kept, 1):
                os.dup2(old, fd)
                os.close(old)
        out.seek(0)
        err.seek(0)
        return {"code": code or 0, "stdout": out.read().decode(), "stderr": err.read().decode()}


def main():
    loader = botocore.session.Session().get_component("data_loader")
    for service in ["lambda", "logs", "iam", "sts", "apigateway", "apigatewayv2"]:
        for kind in ["service-2", "paginators-1", "waiters-2", "endpoint-rule-set-1"]:
            try:
                loader.load_service_model(service, kind)
            except (UnknownServiceError, botocore.exceptions.DataNotFoundError):
                pass  # it has none of these
    lines, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the commands' own input
    for line in lines:
        print(json.dumps(carry_out(json.loads(line))), file=answers, flush=True)


main()
