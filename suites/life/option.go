package life

import (
	"maps"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
)

// Option changes a request.
type Option func(*Request)

// As marks what the request is for; without it, it is what the check is about.
func As(p evidence.Purpose) Option { return func(r *Request) { r.Purpose = p } }

// At sends the request to one instance.
func At(base string) Option {
	return func(r *Request) { r.Base = strings.TrimSuffix(base, "/") }
}

// By sends the credential under another name of it, or in the way of another security scheme.
func By(name string) Option { return func(r *Request) { r.by = name } }

// Authorized has another credential than the one concerned authorize the request.
func Authorized(c *Credential) Option { return func(r *Request) { r.authority = c } }

// AuthorizedBy is Authorized by another name of that credential.
func AuthorizedBy(c *Credential, name string) Option {
	return func(r *Request) { r.authority, r.authorityBy = c, name }
}

// With changes the request at last, when all else stands in it.
func With(change func(*client.Request)) Option {
	return func(r *Request) { r.own = append(r.own, change) }
}

// Forbidden marks a request that the credential is good for but its account may not make.
func Forbidden(r *Request) { r.forbidden = true }

// SoundFor marks a login that the transport completes with the name and the password of an account of the target's.
func SoundFor(username string) Option {
	return func(r *Request) {
		r.Sound, r.owner = true, strings.ToLower(username)
		r.Account = r.owner
	}
}

// Once has the request sent no second time where no answer comes.
var Once = With(func(r *client.Request) { r.Once = true })

// Undescribed marks a request of which the contract does not know, so that it says nothing of the answer.
var Undescribed = With(func(r *client.Request) { r.Undescribed = true })

// Header sends a header of the check's own.
func Header(name, value string) Option {
	return func(r *Request) { r.Request.Header.Set(name, value) }
}

// Beside sends a credential in its field as well, where an operation wants none there: clients keep one in the defaults of their
// connection until they are given another.
func Beside(field string, c *Credential) Option {
	return With(func(r *client.Request) { r.Header.Set(field, c.Key()) })
}

// Carried is the kind of credential that clients of a contract carry in a header field of every request, and the field; "" where
// credentials go elsewhere.
func Carried(d *openapi.Document) (kind, field string) {
	kinds := d.Kinds()
	if kind = d.Given(); kind == "" {
		kind = kinds[len(kinds)-1]
	}
	for _, op := range d.Operations() {
		if Opens(op, kind) {
			return kind, op.CredentialHeader()
		}
	}
	return kind, ""
}

// Body sends a body of the check's own.
func Body(text string) Option {
	return With(func(r *client.Request) { r.Body = []byte(text) })
}

// Missing is the value of a member that is left out.
var Missing = new(int)

// Member sends a member of the body with another value.
func Member(name string, value any) Option {
	return With(func(r *client.Request) {
		members, _ := r.JSON.(map[string]any)
		if members = maps.Clone(members); value == any(Missing) {
			delete(members, name)
		} else {
			members[name] = value
		}
		r.JSON = members
	})
}

// Instead sends a text in the place of the credential concerned.
func Instead(text string) Option { return instead(subject, sent{text: text}) }

// instead sends something else in the place of the credential concerned, or of the one that authorizes.
func instead(at string, s sent) Option { return func(r *Request) { r.instead[at] = s } }

// Raw sends a value of the security header as it stands.
func Raw(value string) Option {
	return instead(authority, sent{text: value, raw: true, none: value == ""})
}

// ByNobody has a credential that nobody has authorize the request, or nothing for an empty one.
func ByNobody(text string) Option { return instead(authority, sent{text: text, none: text == ""}) }

// InsteadOf sends a text in the place of what an operation concerns.
func InsteadOf(op *openapi.Operation, text string) Option {
	return instead(role(op.Takes()[0]), sent{text: text})
}
