#!/bin/sh
# The AWS CLI of a stage: answers what lies beside it, by the command's name. It knows the commands that are used and no other.
here=$(dirname "$0")
service=$1 command=$2
shift 2
while [ $# -gt 0 ]; do
    case $1 in
    --secret-id) secret=${2##*:} ;;
    --secret-string) [ "$2" = file:///dev/stdin ] || { echo "a secret on the command line" >&2; exit 252; } ;;
    --item) item=$2 ;;
    --output | --stack-name | --function-name | --table-name | --api-id | --topic-arn | --alarm-name-prefix | --state-value) ;;
    *) echo "Unknown options: $1" >&2; exit 252 ;;
    esac
    shift 2
done
[ ! -e "$here/refuse-$command" ] || { echo "An error occurred (AccessDeniedException)" >&2; exit 254; }
case "$service $command" in
"secretsmanager get-secret-value") printf '{"SecretString": "%s"}' "$(cat "$here/secret-$secret")" ;;
"secretsmanager put-secret-value") cat >"$here/secret-$secret" && echo '{"VersionId": "1"}' ;;
"dynamodb put-item") printf '%s' "$item" >"$here/item" ;;
*) cat "$here/$command.json" ;;
esac
