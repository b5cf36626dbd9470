// Package openapi holds the contracts: one OpenAPI 3.1 document a profile, embedded, and what loads them, finds their
// operations and validates answers against them. It knows no system by name; a new one is a new document.
//
// A document is named <profile>.yaml. What several profiles share is in a document that ends in -shared.yaml, which is
// no profile itself and is reached by $ref.
//
// # Extensions
//
// A contract says not only what an answer looks like, but also which requirement of the catalogue each part of it
// belongs to. These extensions carry that, and what the suites need to keep secrets and to make bad requests:
//
//   - x-requirement, on a response: the requirement that a wrong status breaks. It also stands for the two below when
//     they are absent. On a schema: the requirement that a missing member, or a wrong type, format or value in it,
//     breaks; it holds for everything below, until a deeper schema names its own. On a header: that its absence breaks.
//   - x-requirement-media, on a response: what another media type, or a body that is not exactly one well-formed JSON
//     value of the described kind, breaks.
//   - x-requirement-body, on a response: what a blank body breaks, or for a status without content any body at all.
//   - x-requirement-all, on a response: one requirement for everything in it, whatever the schemas say.
//   - x-never-5xx, on an operation: the requirement that a status of 500 and above breaks.
//   - x-expected, on a schema: what is expected there, in words, where the keywords would not say it well.
//   - x-secret, on a schema, a parameter or a security scheme: its values are secret, and of this kind (session,
//     ticket, token, password, …).
//   - x-refused-when-malformed, on a request body: the malformed bodies that a server has to refuse, and the
//     requirement that it breaks otherwise. Its bodies lists faults of the whole body (empty, truncated, array), its
//     members the faults of single members (missing, null, blank, string, number, boolean, array, object).
package openapi
