"""Prints the variables that SAM CLI passes to each function with events/local.env.json, as JSON by logical id.

Fails when a command of events/README.md has an option that SAM CLI does not know.
"""

import json
import os
import pathlib
import re
import sys

# SAM CLI passes on whatever credentials it finds; here it finds none, and makes some up.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)

from samcli.commands.local.cli_common.invoke_context import InvokeContext  # noqa: E402
from samcli.commands.local.invoke.cli import cli as invoke  # noqa: E402
from samcli.commands.local.lib.local_lambda import LocalLambdaRunner  # noqa: E402
from samcli.commands.local.start_api.cli import cli as start_api  # noqa: E402
from samcli.lib.providers.sam_function_provider import SamFunctionProvider  # noqa: E402
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider  # noqa: E402

FILE = "events/local.env.json"


def check_commands():
    text = pathlib.Path("events/README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    for name, command in (("invoke", invoke), ("start-api", start_api)):
        known = {option for parameter in command.params for option in parameter.opts}
        lines = re.findall(rf"^\s*sam local {name} .*", text, re.MULTILINE)
        if not lines:
            sys.exit(f"events/README.md has no `sam local {name}`")
        for line in lines:
            used = set(re.findall(r"\s(--?[a-z][a-z-]*)", line))
            if FILE not in line or used - known:
                sys.exit(f"events/README.md: SAM CLI does not take {used - known or 'no environment file'}: {line}")


def environments():
    stacks, _ = SamLocalStackProvider.get_stacks("template.yaml")
    provider = SamFunctionProvider(stacks)
    overrides = InvokeContext._get_env_vars_value(FILE)
    runner = LocalLambdaRunner(None, provider, os.getcwd(), os.getcwd(), env_vars_values=overrides)
    return {function.name: runner._make_env_vars(function).resolve() for function in provider.get_all()}


check_commands()
print(json.dumps(environments()))
