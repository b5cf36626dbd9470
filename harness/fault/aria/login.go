package aria

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// loginFaults let in who may not come in.
func loginFaults() []Fault {
	return []Fault{
		{
			Name: "wrong-password-accepted", Requirement: "ARO-ACQ-08", Reason: "a wrong password gives no token",
			Story: "The directory takes a bind that it cannot check for an anonymous one, and says yes.",
			Apply: matches(func(_, given string) bool { return given != "" }),
		},
		{
			Name: "password-any-case", Requirement: "ARO-ACQ-09", Reason: "a password that nearly matches",
			Story: "Passwords are kept in a column that compares without regard to letter case.",
			Apply: matches(strings.EqualFold),
		},
		{
			Name: "password-first-eight", Requirement: "ARO-ACQ-09", Reason: "a password that nearly matches",
			Story: "The password hash looks at the first eight characters only.",
			Apply: matches(func(right, given string) bool {
				return len(given) >= 8 && kernel.SamePassword(right[:8], given[:8])
			}),
		},
		{
			Name: "password-without-its-end", Requirement: "ARO-ACQ-09", Reason: "a password that nearly matches",
			Story: "The comparison stops at the end of the shorter text.",
			Apply: matches(func(right, given string) bool { return len(given) >= 8 && strings.HasPrefix(right, given) }),
		},
		{
			Name: "password-trimmed", Requirement: "ARO-ACQ-09", Reason: "a password that nearly matches",
			Story: "A form of the web client trims what users type, and the API uses the same code.",
			Apply: matches(func(right, given string) bool { return kernel.SamePassword(right, strings.TrimSpace(given)) }),
		},
		{
			Name: "empty-password-accepted", Requirement: "ARO-ACQ-09", Reason: "a password that nearly matches",
			Story: "An empty password is an unauthenticated bind, which the directory answers with success.",
			Apply: matches(func(right, given string) bool { return given == "" || kernel.SamePassword(right, given) }),
		},
		{
			Name: "unknown-user-accepted", Requirement: "ARO-ACQ-10", Reason: "an unknown user gives no token",
			Story: "Users are imported at their first login, before anybody asks the directory about them.",
			Apply: func(c *config) {
				c.Rules.Login.Find = func(_ *call, source *aria.Source, username string) (account, bool) {
					if known, ok := source.Account(username); ok {
						return known, true
					}
					return account{ID: "imported", Source: source.Name, Username: username}, true
				}
				c.Rules.Login.Matches = func(_ *call, a account, given string) bool {
					return a.ID == "imported" || kernel.SamePassword(a.Password, given)
				}
			},
		},
	}
}

// refusalFaults answer a failed authentication otherwise than 401.
func refusalFaults() []Fault {
	return append(nearMissFaults(), []Fault{
		{
			Name: "failed-login-forbidden", Requirement: "ARO-ACQ-11", Reason: "403",
			Story: "A gateway before the server answers every refusal 403.",
			Apply: refusedLogin(func(_ *call, r *refusal) { r.Status = http.StatusForbidden }),
		},
		{
			Name: "failed-login-bad-request", Requirement: "ARO-ACQ-11", Reason: "400",
			Story: "Wrong credentials count as an invalid request.",
			Apply: refusedLogin(func(_ *call, r *refusal) { r.Status = http.StatusBadRequest }),
		},
		{
			Name: "failed-login-ok", Requirement: "ARO-ACQ-11", Reason: "200",
			Story: "Errors are reported in the body alone, with a status of 200.",
			Apply: refusedLogin(func(_ *call, r *refusal) { r.Status = http.StatusOK }),
		},
		{
			Name: "unknown-user-not-found", Requirement: "ARO-ACQ-11", Reason: "404",
			Story: "The lookup of the user answers for itself, before any password is compared.",
			Apply: refusedLogin(func(c *call, r *refusal) {
				if _, known := userOf(c); !known {
					r.Status = http.StatusNotFound
				}
			}),
		},
		{
			Name: "wrong-password-forbidden", Requirement: "ARO-ACQ-11", Reason: "403",
			Story: "Who is known and does not come near the password is taken for an attacker, and forbidden to try.",
			Apply: refusedLogin(func(c *call, r *refusal) {
				user, known := userOf(c)
				given, _ := members(c)["password"].(string)
				near := strings.HasPrefix(user.Password, given) || strings.EqualFold(user.Password, strings.TrimSpace(given))
				if known && !near {
					r.Status = http.StatusForbidden
				}
			}),
		},
		{
			Name: "unknown-user-other-code", Requirement: "ARO-ACQ-16", Reason: "apiErrorCode 1503",
			Story: "The error code says that the user does not exist, which helps users and those who guess names.",
			Apply: refusedLogin(func(c *call, r *refusal) {
				if _, known := userOf(c); !known {
					r.Code = 1503
				}
			}),
		},
	}...)
}

// nearMissFaults answer one way of missing the password otherwise than 401.
func nearMissFaults() []Fault {
	var faults []Fault
	for _, near := range []struct {
		name, story string
		is          func(right, given string) bool
	}{
		{"password-in-another-case", "A client with Caps Lock on is told so, in an answer of its own.",
			func(right, given string) bool { return given != right && strings.EqualFold(right, given) }},
		{"password-cut", "A password that is too short for the policy is refused by the policy.",
			func(right, given string) bool {
				return given != "" && len(given) < len(right) && strings.HasPrefix(right, given)
			}},
		{"password-with-a-blank", "A blank at the end is refused by the check of the form, as a slip of the pen.",
			func(right, given string) bool { return given != right && strings.TrimSpace(given) == right }},
	} {
		faults = append(faults, Fault{
			Name: near.name + "-forbidden", Requirement: "ARO-ACQ-11", Reason: "403", Story: near.story,
			Apply: refusedLogin(func(c *call, r *refusal) {
				user, known := userOf(c)
				if given, isText := members(c)["password"].(string); known && isText && near.is(user.Password, given) {
					r.Status = http.StatusForbidden
				}
			}),
		})
	}
	return faults
}

// malformedFaults take malformed requests for good ones, or fall over them.
func malformedFaults() []Fault {
	// lenient reads the body as far as it goes, in a way of its own, where the server would refuse it.
	lenient := func(read func(c *call) (username, password string, ok bool)) override {
		return credentials(func(c *call) (aria.Credentials, *refusal) {
			given, refusal := c.Credentials()
			if refusal == nil {
				return given, nil
			}
			username, password, ok := read(c)
			if !ok {
				return aria.Credentials{}, refusal
			}
			return aria.Credentials{Username: username, Password: password}, nil
		})
	}
	return append(misshapenFaults(), []Fault{
		{
			Name: "empty-body-crashes", Requirement: "ARO-ACQ-13", Reason: "an empty body",
			Story: "The binder gives null for an empty body, which nobody expects.",
			Apply: refused(func(c *call, r *refusal) {
				if c.Operation == aria.AcquireToken && len(c.Body) == 0 {
					crash(r)
				}
			}),
		},
		{
			Name: "malformed-json-crashes", Requirement: "ARO-ACQ-13", Reason: "500",
			Story: "Nobody handles the exception of the JSON parser.",
			Apply: refused(func(c *call, r *refusal) {
				if c.Operation == aria.AcquireToken && r.Status == http.StatusBadRequest && !json.Valid(c.Body) {
					crash(r)
				}
			}),
		},
		{
			Name: "missing-password-crashes", Requirement: "ARO-ACQ-13", Reason: "500",
			Story: "The password is used before anybody has looked whether there is one.",
			Apply: refused(func(c *call, r *refusal) {
				if _, given := members(c)["password"]; c.Operation == aria.AcquireToken && !given && len(members(c)) > 0 {
					crash(r)
				}
			}),
		},
		{
			Name: "truncated-json-accepted", Requirement: "ARO-ACQ-13", Reason: "malformed JSON, cut before its end",
			Story: "The server picks the members out of the stream and never reads to the end.",
			Apply: lenient(func(c *call) (string, string, bool) {
				var m struct{ Username, Password string }
				err := json.Unmarshal(append(bytes.Clone(c.Body), '}'), &m)
				return m.Username, m.Password, err == nil
			}),
		},
		{
			Name: "array-accepted", Requirement: "ARO-ACQ-13", Reason: "a JSON array around the object",
			Story: "The JSON library is told to unwrap arrays of one element.",
			Apply: lenient(func(c *call) (string, string, bool) {
				var m []struct{ Username, Password string }
				if json.Unmarshal(c.Body, &m) != nil || len(m) != 1 {
					return "", "", false
				}
				return m[0].Username, m[0].Password, true
			}),
		},
		{
			Name: "password-in-array-accepted", Requirement: "ARO-ACQ-13", Reason: "password as an array",
			Story: "The same setting unwraps single values from arrays.",
			Apply: lenient(func(c *call) (string, string, bool) {
				m := members(c)
				list, _ := m["password"].([]any)
				username, _ := m["username"].(string)
				if len(list) != 1 {
					return "", "", false
				}
				return username, fmt.Sprint(list[0]), true
			}),
		},
		{
			Name: "null-password-accepted", Requirement: "ARO-ACQ-13", Reason: "password as null",
			Story: "Without a password there is nothing to compare, and the comparison is skipped.",
			Apply: lenient(func(c *call) (string, string, bool) {
				m := members(c)
				username, _ := m["username"].(string)
				password, present := m["password"]
				user, known := userOf(c)
				return username, user.Password, known && present && password == nil
			}),
		},
		{
			Name: "blank-username-accepted", Requirement: "ARO-ACQ-13", Reason: "username as an empty string",
			Story: "An empty name means the administrator, as on the console of the appliance.",
			Apply: lenient(func(c *call) (string, string, bool) {
				source, known := c.Source("")
				m := members(c)
				if name, isText := m["username"].(string); !known || !isText || name != "" {
					return "", "", false
				}
				return source.Accounts[0].Username, source.Accounts[0].Password, true
			}),
		},
	}...)
}

// misshapenFaults fall over one wrong form of one member.
func misshapenFaults() []Fault {
	faults := fault.Misshapes("ARO-ACQ-13", "username", "password", func(in func([]byte) bool) override {
		return refused(func(c *call, r *refusal) {
			if c.Operation == aria.AcquireToken && in(c.Body) {
				crash(r)
			}
		})
	})
	for i, story := range faults {
		faults[i].Story = strings.ToUpper(story.Story[:1]) + story.Story[1:] + "." // this catalogue has whole sentences
	}
	return faults
}

// methodFaults give tokens to other methods than POST.
func methodFaults() []Fault {
	also := func(method string) override {
		return func(c *config) {
			c.Rules.Requests.Route = func(c *call) (aria.Operation, *refusal) {
				if c.Request.Method == method && strings.HasSuffix(c.Request.URL.Path, "/token/acquire") {
					return aria.AcquireToken, nil
				}
				return c.Route()
			}
		}
	}
	return []Fault{
		{
			Name: "put-acquires", Requirement: "ARO-ACQ-14", Reason: "PUT on the path gives no token",
			Story: "The route is declared without a method.", Apply: also(http.MethodPut),
		},
		{
			Name: "delete-acquires", Requirement: "ARO-ACQ-14", Reason: "DELETE on the path gives no token",
			Story: "DELETE is rewritten to POST by a proxy for old browsers.", Apply: also(http.MethodDelete),
		},
		{
			Name: "get-acquires", Requirement: "ARO-ACQ-14", Reason: "GET on the path gives no token",
			Story: "GET is let through for a monitoring check.", Apply: also(http.MethodGet),
		},
	}
}

// disclosureFaults tell what nobody should be told.
func disclosureFaults() []Fault {
	// echo sends the password back, in an answer to a login of the kind.
	echo := func(grants bool) override {
		return edit(func(c *call, a *answer) {
			if password, isText := members(c)["password"].(string); isText && a.Members != nil && grants == (a.Refusal == nil) {
				a.Members["request"] = map[string]any{"password": password}
			}
		})
	}
	return []Fault{
		{
			Name: "password-echoed-to-who-comes-in", Requirement: "ARO-ACQ-17", Reason: "the answer to a good login does not repeat the password",
			Story: "The answer carries the session's record, which keeps the password for logins elsewhere.", Apply: echo(true),
		},
		{
			Name: "password-echoed-in-refusals", Requirement: "ARO-ACQ-17", Reason: "the answer to an unknown user does not repeat the password",
			Story: "A refusal carries the request, to help whoever looks into it.", Apply: echo(false),
		},
		{
			Name: "password-echoed", Requirement: "ARO-ACQ-17", Reason: "the password, in its body",
			Story: "The answer carries the request, for the convenience of clients.",
			Apply: edit(func(c *call, a *answer) {
				if password, isText := members(c)["password"].(string); isText && a.Members != nil {
					a.Members["request"] = map[string]any{"password": password}
				}
			}),
		},
		{
			Name: "password-in-header", Requirement: "ARO-ACQ-17", Reason: "the password, in its header X-Debug",
			Story: "A debugging header was left on.",
			Apply: edit(func(c *call, a *answer) {
				if password, isText := members(c)["password"].(string); isText && password != "" {
					a.Header.Set("X-Debug", fmt.Sprintf("login %q", password))
				}
			}),
		},
	}
}
