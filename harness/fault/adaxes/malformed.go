package adaxes

import (
	"bytes"
	"net/http"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// reads replaces the reading of a session creation's body where the request is malformed: the override sees the value
// of the body, nil where it is no JSON, and the server's own refusal.
func reads(other func(c *call, body any, own *refusal) (name, password string, refused *refusal)) override {
	return func(c *config) {
		c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
			name, password, refused := c.Credentials()
			if refused == nil {
				return name, password, nil
			}
			return other(c, fault.Value(c.Body), refused)
		}
	}
}

// closed is the value of a body whose end is missing.
func closed(c *call) any { return fault.Value(append(bytes.Clone(c.Body), '}')) }

// strings of a body, empty where they are none.
func credentials(v any) (name, password string) {
	object, _ := v.(map[string]any)
	name, _ = object["username"].(string)
	password, _ = object["password"].(string)
	return name, password
}

// malformedLoginFaults break what becomes of malformed session creations (ADX-SES-14 to ADX-SES-16).
func malformedLoginFaults() []Fault {
	// withPassword lets the account in whose name is given, where the password is as is says.
	withPassword := func(is fault.Is) override {
		return reads(func(c *call, v any, own *refusal) (string, string, *refusal) {
			if fault.MemberIs(v, "password", is) && passwordOf(c) != "" {
				return username(c), passwordOf(c), nil
			}
			return "", "", own
		})
	}
	// asService takes the server's own account where the name is as is says.
	asService := func(is fault.Is) override {
		return reads(func(c *call, v any, own *refusal) (string, string, *refusal) {
			if fault.MemberIs(v, "username", is) {
				_, password := credentials(v)
				return c.Accounts().Ordinary.Username, password, nil
			}
			return "", "", own
		})
	}
	unwrapped := func(member string) override {
		return reads(func(_ *call, v any, own *refusal) (string, string, *refusal) {
			if fault.MemberIs(v, member, fault.IsA[[]any]) {
				object, _ := v.(map[string]any)
				object[member] = object[member].([]any)[0]
				name, password := credentials(object)
				return name, password, nil
			}
			return "", "", own
		})
	}
	crashesWhere := func(is func(c *call, v any) bool) override {
		return reads(func(c *call, v any, own *refusal) (string, string, *refusal) {
			if is(c, v) {
				return "", "", crash()
			}
			return "", "", own
		})
	}
	member := func(name string, is fault.Is) func(*call, any) bool {
		return func(_ *call, v any) bool { return fault.MemberIs(v, name, is) }
	}
	const given, answered = " gives no session", " is refused with a 4xx status"
	faults := []Fault{
		{Name: "login-body-cut-accepted", Story: "the parser closes what is left open", Reason: "malformed JSON, cut before its end" + given,
			Apply: reads(func(c *call, _ any, own *refusal) (string, string, *refusal) {
				v := closed(c)
				if v == nil {
					return "", "", own
				}
				name, password := credentials(v)
				return name, password, nil
			})},
		{Name: "login-array-accepted", Story: "the binder takes the first of several objects", Reason: "a JSON array around the object" + given,
			Apply: reads(func(_ *call, v any, own *refusal) (string, string, *refusal) {
				list, isList := v.([]any)
				if !isList || len(list) == 0 {
					return "", "", own
				}
				name, password := credentials(list[0])
				return name, password, nil
			})},
		{Name: "login-without-password-accepted", Story: "a bind without password is an anonymous one, which the directory grants", Reason: "password missing" + given,
			Apply: withPassword(fault.Absent)},
		{Name: "login-password-null-accepted", Story: "a comparison with null holds, as in a database without three-valued logic", Reason: "password as null" + given,
			Apply: withPassword(fault.Null)},
		{Name: "login-password-true-accepted", Story: "a loose comparison holds for true and any text", Reason: "password as a boolean" + given,
			Apply: withPassword(fault.IsA[bool])},
		{Name: "login-password-number-accepted", Story: "a loose comparison turns the stored text into a number", Reason: "password as a number" + given,
			Apply: withPassword(fault.IsA[float64])},
		{Name: "login-password-object-accepted", Story: "an object is taken for a condition of the query, which holds", Reason: "password as an object" + given,
			Apply: withPassword(fault.IsA[map[string]any])},
		{Name: "login-password-array-accepted", Story: "the binder takes an array of one for the one", Reason: "password as an array" + given,
			Apply: unwrapped("password")},
		{Name: "login-without-username-accepted", Story: "a login without name is one of the service's own account", Reason: "username missing" + given,
			Apply: asService(fault.Absent)},
		{Name: "login-username-null-accepted", Story: "a login without name is one of the service's own account", Reason: "username as null" + given,
			Apply: asService(fault.Null)},
		{Name: "login-username-number-accepted", Story: "a number is taken for the row of the account", Reason: "username as a number" + given,
			Apply: asService(fault.IsA[float64])},
		{Name: "login-username-true-accepted", Story: "a loose comparison holds for true and any text", Reason: "username as a boolean" + given,
			Apply: asService(fault.IsA[bool])},
		{Name: "login-username-object-accepted", Story: "an object is taken for a condition of the query, which holds", Reason: "username as an object" + given,
			Apply: asService(fault.IsA[map[string]any])},
		{Name: "login-username-array-accepted", Story: "the binder takes an array of one for the one", Reason: "username as an array" + given,
			Apply: unwrapped("username")},
		{Name: "login-empty-body-crashes", Story: "the binder gives null for an empty body, which nobody expects", Reason: "an empty body" + answered,
			Apply: crashesWhere(func(c *call, _ any) bool { return len(c.Body) == 0 })},
		{Name: "login-username-null-crashes", Story: "the name is split at its @ before it is looked at", Reason: "username as null" + answered,
			Apply: crashesWhere(member("username", fault.Null))},
		{Name: "login-password-object-crashes", Story: "the exception of a failed cast is not caught", Reason: "password as an object" + answered,
			Apply: crashesWhere(member("password", fault.IsA[map[string]any]))},
		{Name: "login-array-drops-the-connection", Story: "the worker process dies on a body that is no object", Reason: "a JSON array around the object" + answered,
			Apply: reads(func(_ *call, v any, own *refusal) (string, string, *refusal) {
				if fault.IsA[[]any](v, true) {
					panic(http.ErrAbortHandler) // how a handler ends its connection without an answer
				}
				return "", "", own
			})},
		{Name: "malformed-login-answered-200", Story: "errors are sent in a body with status 200", Reason: answered,
			Apply: refuse(func(c *call, r *refusal) {
				if c.Operation == adaxes.CreateSession && r.Kind == adaxes.BadRequest {
					r.Status = http.StatusOK
				}
			})},
	}
	for i := range faults {
		faults[i].Requirement = "ADX-SES-14"
	}
	return append(faults,
		Fault{Name: "malformed-login-422", Requirement: "ADX-SES-15", Story: "the framework answers a failed validation with 422", Reason: "422",
			Apply: refused(adaxes.BadRequest, func(r *refusal) { r.Status = http.StatusUnprocessableEntity; r.ModelState = nil })},
		Fault{Name: "malformed-login-without-model-state", Requirement: "ADX-SES-15", Story: "details are kept from clients in production", Reason: "modelState in the error",
			Apply: refused(adaxes.BadRequest, func(r *refusal) { r.ModelState = nil })},
		Fault{Name: "login-media-type-ignored", Requirement: "ADX-SES-16", Story: "the body is parsed whatever its media type, which lets other sites' forms log in", Reason: "a body sent as text/plain",
			Apply: func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } }},
	)
}
