package aria

import (
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// acquisitionFaults break the answer to a good acquisition.
func acquisitionFaults() []Fault {
	text, roles := member("token"), member("roles")
	return slices.Concat(
		grants("ARO-ACQ-01", "", "acquire-created-201", "acquire-fails-now-and-then"),
		breaks("ARO-ACQ-02", "application/xml", Fault{Name: "acquire-always-xml",
			Story: "the server does not look at Accept and answers in the format of its first release",
			Apply: wrap(fault.Before(func(r *http.Request) { r.Header.Set("Accept", "application/xml") }))}),
		bodies("ARO-ACQ-02", "", "acquire-as-text", "acquire-with-trailing-text", "acquire-with-a-member-twice"),
		breaks("ARO-ACQ-03", "/token", text.Renamed("authToken", "token-renamed",
			"an update renames the member to the name that its header has")),
		breaks("ARO-ACQ-03", "an empty string", text.As("", "token-empty",
			"tokens are masked in all output after a leak, in the answer that has to carry them too")),
		breaks("ARO-ACQ-03", "an object", text.From(func(a *answer) any { return map[string]any{"value": a.Token.Text} }, "token-object",
			"the token's class gets a second field, and the serializer writes an object where there was a string")),
		breaks("ARO-ACQ-04", "/expiresAt", member("expiresAt").From(func(a *answer) any { return a.Token.ExpiresAt.UnixMilli() },
			"expires-at-number", "expiresAt repeats validity instead of spelling it out")),
		breaks("ARO-ACQ-05", "/roles", roles.As("ReadOnly,PowerUser", "roles-string", "a mapper joins the roles by commas")),
		breaks("ARO-ACQ-05", "/roles/0", roles.As([]any{map[string]any{"name": "ReadOnly", "privileges": []string{}}},
			"roles-objects", "the roles are sent as the objects of the role API, with their privileges")),
		breaks("ARO-ACQ-18", "application/xml", Fault{Name: "xml-by-default",
			Story: "the server prefers XML where the client leaves the choice, as its first releases did",
			Apply: wrap(fault.Before(func(r *http.Request) {
				if r.Header.Get("Accept") == "*/*" {
					r.Header.Set("Accept", "application/xml")
				}
			}))}),
	)
}

// sourceFaults break the optional name of a source.
func sourceFaults() []Fault {
	return slices.Concat(
		breaks("ARO-ACQ-06", "400", Fault{Name: "auth-source-refused",
			Story: "the server is strict about members that it does not know, and lost authSource from its model",
			Apply: credentials(func(c *call) (aria.Credentials, *refusal) {
				if _, named := fault.Object(c.Body)["authSource"]; named {
					return aria.Credentials{}, &refusal{Status: http.StatusBadRequest, Message: "There is an unknown member.", Code: 400}
				}
				return c.Credentials()
			})}),
		breaks("ARO-ACQ-07", "401", Fault{Name: "auth-source-required",
			Story: "an installation with a directory no longer looks for users of its own when no source is named",
			Apply: sources(func(c *call, name string) (*aria.Source, bool) {
				source, known := c.Source(name)
				return source, known && name != ""
			})}),
		breaks("ARO-ACQ-15", "authSource that does not exist", Fault{Name: "auth-source-ignored",
			Story: "the server falls back on its own users when it does not know the source",
			Apply: sources(func(c *call, name string) (*aria.Source, bool) {
				if source, known := c.Source(name); known {
					return source, true
				}
				return c.Source("")
			})}),
	)
}
