// Where Kith leaves Discord's published document, and why. Keep this short: each line is a promise to clients that we do not keep.

// Statuses that the document lacks, by "METHOD /template".
export const extraStatuses = {};

// Changes to the document itself, made before it is compiled.
export function amend({ components: { schemas } }) {
  // The document says integer, but Discord sends names such as BASE_TYPE_REQUIRED for fields, its reference shows them, and clients read them.
  schemas.InnerErrors.properties._errors.items = {
    type: 'object',
    properties: { code: { type: 'string' }, message: { type: 'string' } },
    required: ['code', 'message'],
  };
}
