// Checks replies against Discord's published OpenAPI document (3.1, so JSON Schema 2020-12).
// One JSON object per line in: {id, method, path, status, body}; one per line out: {id, known, errors}.
// `known` is false where the document lacks the operation; then nothing is checked.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import Ajv from 'ajv/dist/2020.js';
import { amend, extraStatuses } from './exceptions.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));
amend(document);

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  verbose: true,
  validateSchema: false,
  formats: {
    snowflake: /^(0|[1-9]\d{0,18})$/,
    nonce: true,
    uri: (text) => URL.canParse(text),
    'date-time': (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/.test(text) && !Number.isNaN(Date.parse(text)),
    int32: { type: 'number', validate: (n) => Number.isInteger(n) && n >= -2147483648 && n <= 2147483647 },
    int64: { type: 'number', validate: Number.isInteger },
    double: { type: 'number', validate: Number.isFinite },
  },
});
ajv.addSchema(document, 'openapi');

const operations = [];
for (const [template, item] of Object.entries(document.paths)) {
  for (const method of methods.filter((m) => m in item))
    operations.push({ method, template, segments: template.split('/'), responses: item[method].responses });
}

// Literal segments win over parameters: /users/@me before /users/{user_id}.
function find(method, path) {
  const segments = path.split('/');
  let best = null;
  let bestLiterals = -1;
  for (const operation of operations) {
    if (operation.method !== method || operation.segments.length !== segments.length) continue;
    let literals = 0;
    const fits = operation.segments.every((part, i) => {
      if (part.startsWith('{')) return segments[i] !== '';
      if (part === segments[i]) literals++;
      return part === segments[i];
    });
    if (fits && literals > bestLiterals) [best, bestLiterals] = [operation, literals];
  }
  return best;
}

const pointer = (text) => text.replaceAll('~', '~0').replaceAll('/', '~1');

function responseOf(operation, status) {
  const exact = String(status);
  const key = [exact, `${exact[0]}XX`].find((k) => k in operation.responses);
  if (!key) return null;
  let at = `#/paths/${pointer(operation.template)}/${operation.method}/responses/${key}`;
  let response = operation.responses[key];
  if (response.$ref) {
    at = response.$ref;
    response = at.slice(2).split('/').reduce((node, part) => node[part], document);
  }
  return { at, response };
}

function describe(error) {
  const where = error.instancePath || '(root)';
  const value = error.data === undefined ? '' : ` — got ${JSON.stringify(error.data)?.slice(0, 120)}`;
  const params = error.params.missingProperty || error.params.additionalProperty ? '' : ` ${JSON.stringify(error.params)}`;
  return `${where}: ${error.message}${params === ' {}' ? '' : params}${value}`;
}

// Of a failed oneOf or anyOf ajv reports every branch; the deepest complaints are the ones that help.
function readable(errors) {
  const kept = errors.filter((e) => !['oneOf', 'anyOf', 'allOf', 'if'].includes(e.keyword));
  const list = kept.length > 0 ? kept : errors;
  const deepest = [...list].sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length);
  return [...new Set(deepest.map(describe))].slice(0, 12);
}

function check({ method, path, status, body }) {
  const operation = find(method.toLowerCase(), path);
  if (!operation) return { known: false, errors: [] };
  const name = `${method} ${operation.template}`;
  if (status >= 500) return { known: true, errors: [] };
  const found = responseOf(operation, status);
  if (!found) {
    if (extraStatuses[name]?.includes(status)) return { known: true, errors: [] };
    const expected = Object.keys(operation.responses).join(', ');
    return { known: true, errors: [`status ${status} is none of those of ${name}: ${expected}`] };
  }
  const content = found.response.content?.['application/json'];
  if (!content) return { known: true, errors: body === '' ? [] : [`${name} with ${status} has no body, but one came`] };
  let value;
  try {
    value = JSON.parse(body);
  } catch (e) {
    return { known: true, errors: [`not JSON: ${e.message}`] };
  }
  const validate = ajv.getSchema(`openapi${found.at}/content/application~1json/schema`);
  if (!validate) return { known: true, errors: [`the schema at ${found.at} could not be compiled`] };
  if (validate(value)) return { known: true, errors: [] };
  return { known: true, errors: readable(validate.errors) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = check(request);
  } catch (e) {
    answer = { known: true, errors: [`the validator failed: ${e.stack}`] };
  }
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}
