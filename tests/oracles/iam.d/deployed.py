"""Prints what AWS has of template.yaml once it is deployed, as far as it concerns permissions: each function's policy, its
variables and its log group, the permissions boundary of infra/account.yaml, and the versions of functions.

Twice: as a first deployment makes it, and with all that a deployment can bring along.
"""

import json
import re
import runpy
from pathlib import Path

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[3]
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    # The longest that infra/account.yaml allows.
    "AWS::StackName": "creator-payments-rehearse",
    "AWS::URLSuffix": "amazonaws.com",
}
STACK = PSEUDO["AWS::StackName"]
# AWS ends the names that it makes with random letters.
RANDOM = "1A2B3C4D5E6F"


def arn(service, rest):
    return f"arn:aws:{service}:{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}:{rest}"


def secret(name):
    return arn("secretsmanager", f"secret:creator-payments/rehearse/{name}-AbCdEf")


ASKED_FOR = {
    "Stage": "rehearse",
    "JwtIssuer": "https://issuer.example.com",
    "JwtAudience": "app",
    "AllowedOrigins": "https://app.example.com",
    "StripeSecretArn": secret("stripe-key"),
    "StripeWebhookSecretsArn": secret("webhook-secrets"),
}
BROUGHT = {
    "ExistingTableArn": arn("dynamodb", f"table/{STACK}-restored"),
    "ExistingTableStreamArn": arn("dynamodb", f"table/{STACK}-restored/stream/2026-01-02T03:04:05.678"),
    "SigningKeyArn": secret("signing-key"),
    "PaymentIdKeyArn": secret("payment-id-key"),
    "ClientAddressHeader": "CloudFront-Viewer-Address",
    "CdnSecretArn": secret("cdn"),
    "EventBusName": "app",
}
NO_VALUE = object()


def physical_name(logical_id):
    """As CloudFormation makes one for a function: of what is longer than 64 letters both parts are cut."""
    whole = f"{STACK}-{logical_id}-{RANDOM}"
    return whole if len(whole) <= 64 else f"{STACK[:25]}-{logical_id[:24]}-{RANDOM}"


class Deployment:
    """A template with its parameters; `value` evaluates CloudFormation's functions."""

    def __init__(self, template, parameters):
        self.template = template
        self.resources = template["Resources"]
        defaults = {name: p["Default"] for name, p in template["Parameters"].items() if "Default" in p}
        self.references = {**PSEUDO, **defaults, **parameters, "AWS::NoValue": NO_VALUE}

    def value(self, part):
        if isinstance(part, list):
            return [value for value in map(self.value, part) if value is not NO_VALUE]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            ((name, argument),) = part.items()
            if name == "Ref":
                return self.reference(argument)
            if name == "Condition" and isinstance(argument, str):
                return self.value(self.template["Conditions"][argument])
            if name.startswith("Fn::"):
                return getattr(self, name.removeprefix("Fn::").lower() + "_")(argument)
        values = {name: self.value(inner) for name, inner in part.items()}
        return {name: value for name, value in values.items() if value is not NO_VALUE}

    def reference(self, name):
        return self.references[name] if name in self.references else self.physical(name)[0]

    def if_(self, argument):
        condition, yes, no = argument
        return self.value(yes if self.value(self.template["Conditions"][condition]) else no)

    def equals_(self, argument):
        left, right = map(self.value, argument)
        return left == right

    def not_(self, argument):
        return not self.value(argument[0])

    def join_(self, argument):
        return argument[0].join(map(str, self.value(argument[1])))

    def split_(self, argument):
        return self.value(argument[1]).split(argument[0])

    def select_(self, argument):
        return self.value(argument[1])[int(argument[0])]

    def sub_(self, argument):
        def named(match):
            resource, _, attribute = match[1].partition(".")
            return str(self.getatt_([resource, attribute]) if attribute else self.reference(resource))

        return re.sub(r"\$\{([^}!]+)\}", named, argument)

    def getatt_(self, argument):
        name, attribute = argument
        return self.physical(name)[1][attribute]

    def physical(self, name):
        """What `Ref` and `Fn::GetAtt` give of a resource."""
        kind, properties = self.resources[name]["Type"], self.resources[name].get("Properties", {})
        own = physical_name(name)
        match kind:
            case "AWS::DynamoDB::Table":
                table = arn("dynamodb", f"table/{own}")
                return own, {"Arn": table, "StreamArn": f"{table}/stream/2026-01-02T03:04:05.678"}
            case "AWS::SecretsManager::Secret":
                return arn("secretsmanager", f"secret:{name}-{RANDOM}-AbCdEf"), {}
            case "AWS::SQS::Queue":
                url = f"https://sqs.{PSEUDO['AWS::Region']}.amazonaws.com/{PSEUDO['AWS::AccountId']}/{own}"
                return url, {"Arn": arn("sqs", own), "QueueName": own}
            case "AWS::Logs::LogGroup":
                group = self.value(properties["LogGroupName"])
                return group, {"Arn": arn("logs", f"log-group:{group}:*")}
            case "AWS::Lambda::Function":
                return own, {"Arn": arn("lambda", f"function:{own}")}
            case "AWS::Lambda::Version":
                return arn("lambda", f"function:{self.value(properties['FunctionName'])}:7"), {}
            case "AWS::IAM::Role":
                return own, {"Arn": arn("iam", f"role/{own}")}
            case _:
                return own, {}

    def of_type(self, kind):
        return {name: r["Properties"] for name, r in self.resources.items() if r["Type"] == kind}


def deployed(parameters):
    template = runpy.run_path(str(ROOT / ".ci" / "template"), run_name="template")["transformed"]()
    stack = Deployment(template, {**ASKED_FOR, **parameters})
    roles = stack.of_type("AWS::IAM::Role")
    functions = {}
    for function in stack.of_type("AWS::Lambda::Function").values():
        (policy,) = roles[function["Role"]["Fn::GetAtt"][0]]["Policies"]
        functions[policy["PolicyName"]] = {
            "policy": stack.value(policy["PolicyDocument"]),
            "variables": stack.value(function["Environment"]["Variables"]),
            "log_group": stack.value(function["LoggingConfig"]["LogGroup"]),
        }
    ((_, mapping),) = stack.of_type("AWS::Lambda::EventSourceMapping").items()
    secrets = stack.of_type("AWS::SecretsManager::Secret")
    tags = {stack.reference(name): {it["Key"]: it["Value"] for it in stack.value(each["Tags"])} for name, each in secrets.items()}
    return {"functions": functions, "stream": stack.value(mapping["EventSourceArn"]), "tags": tags}


def boundary():
    account = yaml_parse((ROOT / "infra" / "account.yaml").read_text())
    document = account["Resources"]["Boundary"]["Properties"]["PolicyDocument"]
    return Deployment(account, {"Stage": ASKED_FOR["Stage"]}).value(document)


print(json.dumps({"a first deployment": deployed({}), "with all parameters": deployed(BROUGHT), "boundary": boundary()}))
