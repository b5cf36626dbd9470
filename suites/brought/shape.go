package brought

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/openapi"
)

// The documents of others that requirements are from.
const (
	securityPractice = "security practice"
	serverErrors     = "RFC 9110, 15.6"
	otherMethods     = "RFC 9110, 15.5.6"
	connections      = "RFC 9112, 6.3 and 9.3"
	lengthOf204      = "RFC 9110, 8.6"
)

// subjectOf is the subject of what an operation does.
func subjectOf(op *openapi.Operation) string {
	switch h := op.HandsOut(); {
	case op.Ends() != nil || op.Clears():
		return ending
	case h == nil:
		return use
	case h.Renews():
		return renewal
	}
	return handOut
}

// shape ties what requests and answers of an operation are like.
func (g *generator) shape(op *openapi.Operation) {
	if op.SuccessRequirement() == "" {
		op.TieSuccess(g.require(op, "ANSWER", subjectOf(op),
			fmt.Sprintf("A good request of %s is answered %d, as the contract describes it.", op.ID(), op.Success()), said{origin: g.doc.OriginOfSuccess(op)}))
	}
	if op.Never5xx() == "" {
		op.TieNever5xx(g.require(op, "NO-SERVER-ERROR", request,
			fmt.Sprintf("No request of %s, however wrong, is answered 500 or above.", op.ID()), said{rfc: serverErrors, origin: g.doc.OriginOf(op)}))
	}
	if op.Success() == http.StatusNoContent && op.Wire.Slug == "" && len(op.Takes()) > 0 && !op.Clears() {
		op.Wire = openapi.Wire{
			Slug: g.slug(op), Words: op.ID(),
			Next: g.require(op, "CONNECTION", subjectOf(op), fmt.Sprintf("Behind the 204 of %s the connection serves the next request.", op.ID()),
				said{rfc: connections, origin: g.doc.OriginOfSuccess(op)}),
			Length: g.require(op, "NO-LENGTH", subjectOf(op), fmt.Sprintf("The 204 of %s has no Content-Length.", op.ID()),
				said{rfc: lengthOf204, origin: g.doc.OriginOfSuccess(op)}),
		}
	}
	g.malformed(op)
	if h := op.HandsOut(); h != nil && h.From == "" && op.OtherMethods.Requirement == "" && !strings.Contains(op.Path(), "{") {
		op.OtherMethods = openapi.OtherMethods{Requirement: g.require(op, "OTHER-METHODS", request,
			fmt.Sprintf("The path of %s gives no %s for a method that the contract does not describe.", op.ID(), h.Kind),
			said{rfc: otherMethods, origin: g.doc.OriginOf(op)})}
	}
}

// malformed ties that bodies are refused which are not as the schema wants them.
func (g *generator) malformed(op *openapi.Operation) {
	if len(op.Malformed) > 0 || op.RequestMediaType() == "" || op.HandsOut() == nil && op.Ends() == nil {
		return
	}
	required := op.Required()
	if len(required) == 0 {
		return
	}
	id := g.require(op, "REJECTED-MALFORMED", request,
		fmt.Sprintf("A request of %s whose body lacks what the schema requires is refused.", op.ID()),
		said{origin: g.doc.OriginOfRequest(op), because: "the schema requires " + strings.Join(required, ", ")})
	op.TieMalformed(id, "", "empty")
	if !op.IsForm() {
		op.TieMalformed(id, "", "truncated")
	}
	for _, name := range required {
		op.TieMalformed(id, name, "missing")
		if types := op.Types(name); !op.IsForm() && slices.Contains(types, "string") && !slices.Contains(types, "null") {
			op.TieMalformed(id, name, "null")
		}
	}
	if op.IsForm() {
		return
	}
	other := g.require(op, "REJECTED-OTHER-TYPE", request,
		fmt.Sprintf("A request of %s with a member of another type than the schema's is refused.", op.ID()),
		said{rfc: "RFC 9110, 15.5.21", origin: g.doc.OriginOfRequest(op)})
	op.TieMalformed(other, "", "array")
	for _, name := range required {
		if types := op.Types(name); slices.Contains(types, "string") && !slices.Contains(types, "array") && !slices.Contains(types, "object") {
			op.TieMalformed(other, name, "object")
		}
	}
}
