package aria

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
)

// acquisitionFaults break the answer to a good acquisition.
func acquisitionFaults() []Fault {
	onToken := func(change func(*answer)) override { return granted(aria.AcquireToken, change) }
	return []Fault{
		{
			Name: "acquire-created", Requirement: "ARO-ACQ-01", Reason: "201 Created",
			Story: "A rewrite after REST conventions answers 201, since a token is created.",
			Apply: onToken(status(http.StatusCreated)),
		},
		{
			Name: "acquire-fails-now-and-then", Requirement: "ARO-ACQ-01", Reason: "500",
			Story: "One of several nodes has lost its database: every seventh acquisition that reaches it fails.",
			Apply: everyGranted(7, aria.AcquireToken, crashed),
		},
		{
			Name: "acquire-text-plain", Requirement: "ARO-ACQ-02", Reason: "text/plain",
			Story: "A gateway that adds a header to every answer loses the Content-Type.",
			Apply: onToken(header("Content-Type", "text/plain; charset=utf-8")),
		},
		{
			Name: "acquire-always-xml", Requirement: "ARO-ACQ-02", Reason: "application/xml",
			Story: "The server does not look at Accept and answers in the format of its first release.",
			Apply: wrap(fault.Before(func(r *http.Request) { r.Header.Set("Accept", "application/xml") })),
		},
		{
			Name: "acquire-two-values", Requirement: "ARO-ACQ-02", Reason: "nothing after the JSON value",
			Story: "A filter writes an audit record behind the body that the application has written.",
			Apply: onToken(body(func(text string) string { return text + `{"audit":true}` })),
		},
		{
			Name: "acquire-member-twice", Requirement: "ARO-ACQ-02", Reason: "each member once",
			Story: "The body is put together by hand, and the token is written at both ends of it.",
			Apply: func(c *config) {
				granted(aria.AcquireToken, func(a *answer) {
					again := `,"token":"` + a.Token.Text + `"}`
					body(func(text string) string { return strings.TrimSuffix(text, "}") + again })(a)
				})(c)
			},
		},
		{
			Name: "token-renamed", Requirement: "ARO-ACQ-03", Reason: "/token",
			Story: "An update renames the member to the name that its header has.",
			Apply: onToken(func(a *answer) {
				a.Members["authToken"] = a.Members["token"]
				delete(a.Members, "token")
			}),
		},
		{
			Name: "token-empty", Requirement: "ARO-ACQ-03", Reason: "an empty string",
			Story: "Tokens are masked in all output after a leak, in the answer that has to carry them too.",
			Apply: onToken(set("token", "")),
		},
		{
			Name: "token-object", Requirement: "ARO-ACQ-03", Reason: "an object",
			Story: "The token's class gets a second field, and the serializer writes an object where there was a string.",
			Apply: onToken(func(a *answer) { a.Members["token"] = map[string]any{"value": a.Token.Text} }),
		},
		{
			Name: "expires-at-number", Requirement: "ARO-ACQ-04", Reason: "/expiresAt",
			Story: "expiresAt repeats validity instead of spelling it out.",
			Apply: onToken(func(a *answer) { a.Members["expiresAt"] = a.Token.ExpiresAt.UnixMilli() }),
		},
		{
			Name: "roles-string", Requirement: "ARO-ACQ-05", Reason: "/roles",
			Story: "A mapper joins the roles by commas.",
			Apply: onToken(set("roles", "ReadOnly,PowerUser")),
		},
		{
			Name: "roles-objects", Requirement: "ARO-ACQ-05", Reason: "/roles/0",
			Story: "The roles are sent as the objects of the role API, with their privileges.",
			Apply: onToken(set("roles", []any{map[string]any{"name": "ReadOnly", "privileges": []string{}}})),
		},
		{
			Name: "xml-by-default", Requirement: "ARO-ACQ-18", Reason: "application/xml",
			Story: "The server prefers XML where the client leaves the choice, as its first releases did.",
			Apply: wrap(fault.Before(func(r *http.Request) {
				if r.Header.Get("Accept") == "*/*" {
					r.Header.Set("Accept", "application/xml")
				}
			})),
		},
	}
}

// sourceFaults break the optional name of a source.
func sourceFaults() []Fault {
	return []Fault{
		{
			Name: "auth-source-refused", Requirement: "ARO-ACQ-06", Reason: "400",
			Story: "The server is strict about members that it does not know, and lost authSource from its model.",
			Apply: credentials(func(c *call) (aria.Credentials, *refusal) {
				if _, named := members(c)["authSource"]; named {
					return aria.Credentials{}, &refusal{Status: http.StatusBadRequest, Message: "There is an unknown member.", Code: 400}
				}
				return c.Credentials()
			}),
		},
		{
			Name: "auth-source-required", Requirement: "ARO-ACQ-07", Reason: "401",
			Story: "An installation with a directory no longer looks for users of its own when no source is named.",
			Apply: func(c *config) {
				c.Rules.Login.Source = func(c *call, name string) (*aria.Source, bool) {
					if name == "" {
						return nil, false
					}
					return c.Source(name)
				}
			},
		},
		{
			Name: "auth-source-ignored", Requirement: "ARO-ACQ-15", Reason: "authSource that does not exist",
			Story: "The server falls back on its own users when it does not know the source.",
			Apply: func(c *config) {
				c.Rules.Login.Source = func(c *call, name string) (*aria.Source, bool) {
					if source, known := c.Source(name); known {
						return source, true
					}
					return c.Source("")
				}
			},
		},
	}
}
