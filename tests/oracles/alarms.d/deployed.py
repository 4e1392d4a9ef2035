"""What CloudFormation makes of template.yaml and infra/observability.yaml: alarms and functions, with every value.

SAM's own translator transforms the template, so aliases, versions and deployment groups are those of a deployment.
"""

import importlib.machinery
import importlib.util
import json
import pathlib
import re

from samcli.yamlhelper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
STACK, REGION, ACCOUNT = "creator-payments-test", "us-east-1", "000000000000"
TABLE = "creator-payments"
# The version that is being deployed, and the one before it.
NEW_VERSION, OLD_VERSION = "2", "1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
NO_VALUE = object()


def resource_name(logical_id):
    return f"{STACK}-{logical_id}"


class Deployed:
    """The alarms by their logical ids, and each function's variables and time limit by its logical id."""

    def __init__(self, **parameters):
        transformed = checks().transformed()
        overrides = json.loads((ROOT / "events/local.env.json").read_text())["Parameters"]
        given = {
            "AlarmTopicArn": TOPIC,
            "JwtIssuer": "https://issuer.example",
            "JwtAudience": "app",
            "AllowedOrigins": overrides["ALLOWED_ORIGINS"],
            "StripeSecretArn": overrides["STRIPE_SECRET_ARN"],
            "StripeWebhookSecretsArn": overrides["STRIPE_WEBHOOK_SECRETS_ARN"],
            **parameters,
        }
        stack = Stack(transformed, given)
        [nested] = stack.of_type("AWS::CloudFormation::Stack").values()
        observability = yaml_parse((ROOT / "infra/observability.yaml").read_text())
        parts = [stack, Stack(observability, stack.value(nested["Properties"]["Parameters"]))]
        self.alarms = {
            name: part.value(alarm["Properties"])
            for part in parts
            for name, alarm in part.of_type("AWS::CloudWatch::Alarm").items()
        }
        self.functions = {
            name: stack.value({key: function["Properties"].get(key) for key in ("Environment", "Timeout")})
            for name, function in stack.of_type("AWS::Lambda::Function").items()
        }
        # What rolls a deployment back, by function.
        self.deployment_alarms = {
            each.replace("DeploymentAlarm", "Function")
            for group in stack.of_type("AWS::CodeDeploy::DeploymentGroup").values()
            for each in stack.value([alarm["Name"] for alarm in group["Properties"]["AlarmConfiguration"]["Alarms"]])
        }


def checks():
    """.ci/template, which knows how SAM transforms."""
    loader = importlib.machinery.SourceFileLoader("template_checks", str(ROOT / ".ci/template"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Stack:
    """A template with values for its parameters."""

    def __init__(self, template, given):
        self.template = template
        self.parameters = {name: parameter.get("Default") for name, parameter in template["Parameters"].items()}
        self.parameters.update(given)
        missing = [name for name, value in self.parameters.items() if value is None]
        assert not missing, f"parameters without a value: {missing}"

    def of_type(self, kind):
        return {name: each for name, each in self.template["Resources"].items() if each["Type"] == kind}

    def value(self, part):
        """A part with every intrinsic function replaced by its value."""
        if isinstance(part, list):
            return [value for value in map(self.value, part) if value is not NO_VALUE]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            [(function, argument)] = part.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self.called(function, argument)
        values = {name: self.value(each) for name, each in part.items()}
        return {name: value for name, value in values.items() if value is not NO_VALUE}

    def called(self, function, argument):
        match function:
            case "Ref":
                return self.reference(argument)
            case "Fn::GetAtt":
                name, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
                return self.attribute(name, attribute)
            case "Fn::If":
                condition, yes, no = argument
                return self.value(yes if self.condition(condition) else no)
            case "Fn::Sub":
                assert isinstance(argument, str), argument
                return re.sub(r"\$\{([^}]+)\}", lambda found: self.substituted(found.group(1)), argument)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(self.value(parts))
            case "Fn::Select":
                index, parts = argument
                return self.value(parts)[int(index)]
            case "Fn::Split":
                separator, text = argument
                return self.value(text).split(separator)
        raise ValueError(f"{function} is not resolved here")

    def substituted(self, name):
        return str(self.attribute(*name.split(".", 1)) if "." in name else self.reference(name))

    def reference(self, name):
        if name in self.parameters:
            return self.parameters[name]
        pseudo = {"AWS::NoValue": NO_VALUE, "AWS::StackName": STACK, "AWS::Region": REGION, "AWS::AccountId": ACCOUNT,
                  "AWS::Partition": "aws"}
        if name in pseudo:
            return pseudo[name]
        kind = self.template["Resources"][name]["Type"]
        if kind == "AWS::DynamoDB::Table":
            return TABLE
        # Of an alarm, the logical id: it is what the tests name.
        return name if kind == "AWS::CloudWatch::Alarm" else resource_name(name)

    def attribute(self, name, attribute):
        kind = self.template["Resources"][name]["Type"]
        if kind == "AWS::Lambda::Version" and attribute == "Version":
            return NEW_VERSION
        assert attribute in ("Arn", "StreamArn", "QueueName", "ApiEndpoint", "RegionalDomainName"), f"{name}.{attribute}"
        return resource_name(name) if attribute == "QueueName" else f"arn:aws:{kind}:{name}:{attribute}"

    def condition(self, condition):
        if isinstance(condition, str):
            return self.condition(self.template["Conditions"][condition])
        [(function, argument)] = condition.items()
        match function:
            case "Fn::Equals":
                left, right = self.value(argument)
                return left == right
            case "Fn::Not":
                return not self.condition(argument[0])
            case "Fn::And":
                return all(map(self.condition, argument))
            case "Fn::Or":
                return any(map(self.condition, argument))
            case "Condition":
                return self.condition(argument)
        raise ValueError(f"{function} is not resolved here")
