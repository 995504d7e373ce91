// Where Kith leaves Discord's published document, and why. Keep this short: each line is a promise to clients that we do not keep.

// Statuses that the document lacks, by "METHOD /template".
export const extraStatuses = {};

// Changes to the document itself, made before it is compiled.
export function amend(document) {
  void document;
}
