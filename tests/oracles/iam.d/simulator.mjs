// The simulator, asked about one role's policy.

import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const ACCOUNT = '123456789012'

export class Simulator {
  #run
  #known = new Map()

  #tags

  // With the tags of secrets by their ARNs.
  constructor(tools, tags) {
    this.#tags = tags
    this.#run = createRequire(`${resolve(tools)}/`)('@cloud-copilot/iam-simulate').runSimulation
  }

  // Whether a request is allowed by a policy, within a permissions boundary if there is one. The values of
  // `dynamodb:LeadingKeys` are the partition keys of all items of the action; a request without items has no such value.
  async allows(policy, { action, resource, keys }, boundary) {
    if (!resource) return false
    const simulation = {
      identityPolicies: [{ name: 'policy', policy }],
      permissionBoundaryPolicies: boundary && [{ name: 'boundary', policy: boundary }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        action,
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/function/session`,
        resource: { accountId: ACCOUNT, resource },
        contextVariables: { ...this.#tagged(resource), ...(keys && { 'dynamodb:LeadingKeys': keys }) },
      },
    }
    const asked = JSON.stringify(simulation)
    if (!this.#known.has(asked)) this.#known.set(asked, await this.#simulated(simulation))
    return this.#known.get(asked)
  }

  #tagged(resource) {
    const tags = Object.entries(this.#tags[resource] ?? {})
    return Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]))
  }

  async #simulated(simulation) {
    const answer = await this.#run(simulation, {})
    if (answer.resultType === 'error') {
      throw new Error(`${simulation.request.action} on ${simulation.request.resource.resource}: ${JSON.stringify(answer.errors)}`)
    }
    return answer.overallResult === 'Allowed'
  }
}
