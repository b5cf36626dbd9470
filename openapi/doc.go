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
//   - x-refused-otherwise, on an operation of which the document promises no status for a refusal: what is answered with a redirection,
//     or with a success of another form than a good request's, is refused as well.
//   - x-mutations, on the schema of a member of a success, beside its x-requirement (or below one): ways to send it wrongly, each of
//     which must be found out. word begins their names, ways lists them (missing, null, blank, empty, number, as-string,
//     in-another-case), and renamed is another name for it. A success with x-requirement-all has none.
//   - x-expected, on a schema: what is expected there, in words, where the keywords would not say it well.
//   - x-secret, on a schema or a parameter: its values are secret, and of this kind (session, ticket, token, password, …).
//   - x-refused-when-malformed, on a request body: the malformed bodies that a server has to refuse, and the
//     requirement that it breaks otherwise. Its bodies lists faults of the whole body (empty, truncated, array), its
//     members the faults of single members (missing, null, blank, string, number, boolean, array, object). Its otherTypes
//     names the requirements of those that are another type of JSON than the body, or the member, has; without it they are as the rest.
//   - x-other-methods, on an operation: what its good request breaks where it is granted by a method that the path does not
//     describe ([OtherMethods]).
//   - x-samples, on the document: the requirement that requests are understood as the samples of the vendor's document write them,
//     in which spellings they do, and which ones leave the form
//     of an answer to the server ([Samples]; package harness/spelling).
//   - x-client-name, on an operation: what a client that is generated would call it, where its operationId says what the suite has it
//     for ([Bundle] with Plain).
//   - x-wire, on an operation whose success has no content: what is promised of it on the connection ([Wire]).
//
// # Lives
//
// A contract also says how its credentials live, so that what follows from that can be tried (package life) without a line
// of Go. OpenAPI's own means come first: the security schemes say where a request carries the credential that authorizes
// it, the links of an answer by which parameter or member another operation takes what it has given (as runtime
// expressions), and the examples what a good request looks like. These extensions say the rest; their members are those of
// the types that they name:
//
//   - x-hands-out, on the success of an operation: that it hands out a credential ([HandOut]). An operation that takes nothing
//     hands out for an account's name and password; one that takes another kind hands out a child of that; one that takes the
//     same kind renews it.
//
//   - x-account, on a member of a request body: username or password, those of the account that logs in.
//
//   - x-credential, on a security scheme: the kind that it takes, and how ([Scheme]). Of several schemes the first is used, and
//     the others by name. With given: true no operation hands it out: whoever describes the target gives it, as an administrator has made
//     it (an API key, a token of a command). It is used, and nearly used; a run never ends it, and an operation that does says so with kind.
//
//   - x-ends, on an operation: that it ends the credential that it takes ([End]). The one that a link brings is the one
//     concerned, the security scheme's the authority; without a link it is the authority's own.
//
//   - x-reissues, on the success of an operation that takes a credential and is neither a renewal of it nor its end: that each use gives a fresh
//     value of it, as a cookie that every answer sets anew. Its members are those of x-hands-out, but for the kind, the lifetime and slides,
//     which are the credential's: value, ends and endsAs for the end of the fresh value, which else lives as long as what a login gives, and rotates,
//     which says that the old value ends by the use. Without it the old one lives on to its own end.
//
//   - x-promises, on an operation, its request body, its success, or a security scheme that it asks for: the vendor's requirements that
//     all this amounts to, a check each ([Promise]). Whether a credential is to be accepted follows from its life.
//
//   - x-probe: true, on an operation that takes a credential and reads something: credentials are judged by it. Without it the
//     operation of the ID probe is. Of several that are marked the first by its path is; the others are uses too, each with its own x-works and
//     x-dead, and are refused what that is.
//
//   - x-works and x-dead, on an operation: what its answer is like where it grants what was asked for, and where the credential, or the
//     account's name and password, is none: statuses, and conditions on values of the answer (where), each of which says of a value
//     that it exists, is, is not or matches something ([Looks]). Without them a 2xx grants and a 4xx refuses; with x-works alone any other
//     2xx refuses, and x-dead adds to what refuses. That a credential which is none, or none any more, is answered with one of the statuses
//     of x-dead is a promise of its own, where the operation takes one credential.
//
// The end of a credential is stated where ends says, as an RFC 3339 date-time, or in the form that endsAs names: seconds or milliseconds
// since 1970, in-seconds or in-milliseconds from the answer on, a jwt whose exp it is, an http-date, or the Max-Age or Expires of a cookie.
// Where the answer states none, the document may say how long it lives (lasts), or else the target does.
//
// An end (x-ends) spares those credentials that it names by how they stand to the one that ends (siblings, children, …), and reaches those
// that it names so, or all of the account's (account), or the one that authorizes it (caller); nothing is asked of any other. again has
// the statuses that answer the end of what has ended, client says that the client alone forgets the credential, which the server goes on to
// accept, and kind names what an operation ends that is made for something else, as a change of the password is: that is known, and not tried.
//
// What contradicts the rest is an error that names the line: a link to nowhere, an end of what nobody hands out, a promise
// of what the life does not have. A member that is not known is refused, so that no contract is read as saying less than it
// does.
//
// # Contracts that somebody brings
//
// [ReadFile] reads a contract of anybody's, OpenAPI 3.0 or 3.1, with files beside it. Of its operations it reads those in full that the lives
// need (what hands out, takes by a link, ends, and the probe) and those that are allowed by name; the others are left alone. A request body
// is JSON or a form (application/x-www-form-urlencoded). What a good request holds is what the document gives as an example, a default or the
// only value, or what a link or x-account brings, which may stand on a parameter too; x-account: basic, on a security scheme of HTTP's
// Basic, has the account's name and password sent so. The extensions that name requirements may all be left out: see package brought.
package openapi
