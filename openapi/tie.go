package openapi

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A contract that somebody brings names no requirements, or few. What follows ties what it leaves open to some: whoever reads it says which,
// before anything is judged by it. What it names itself stays.

// Origin is where a contract says something, and in which words.
type Origin struct {
	// Place is the file, with the line where one is known, and Pointer the JSON pointer there.
	Place, Pointer string
	// Words are the document's own; "" where it has none.
	Words string
}

// String is the place as a source of a requirement.
func (o Origin) String() string { return o.Place + "#" + o.Pointer }

// origin is the origin of a part of the operation, by the tokens below it.
func (d *Document) origin(o *Operation, words string, below ...string) Origin {
	pointer := jsontext.Pointer(o.pointer)
	for _, token := range below {
		pointer = pointer.AppendToken(token)
	}
	return Origin{Place: d.placeOf(o), Pointer: string(pointer), Words: oneSentence(words)}
}

// placeOf is the file that describes the operation, with the line where it is found.
func (d *Document) placeOf(o *Operation) string {
	if place := strings.Trim(d.sources.where(o.id, nil), " ()"); place != "" {
		return place
	}
	segment := func(line string) bool {
		key := strings.Trim(strings.TrimSpace(line), `"'{,: `)
		return key == o.path || strings.HasPrefix(strings.TrimLeft(strings.TrimSpace(line), `"'`), o.path+`":`)
	}
	return cmp.Or(d.sources.find(segment), d.sources[0].name)
}

// longestWords bounds what is quoted of a document.
const longestWords = 200

// oneSentence is the first sentence of a text, on one line.
func oneSentence(text string) string {
	text = strings.Join(strings.Fields(strings.NewReplacer("{", "(", "}", ")").Replace(text)), " ")
	if end := strings.Index(text, ". "); end > 0 {
		text = text[:end+1]
	}
	if runes := []rune(text); len(runes) > longestWords {
		text = string(runes[:longestWords]) + "…"
	}
	return text
}

// OriginOf is where the operation itself is described.
func (d *Document) OriginOf(o *Operation) Origin {
	return d.origin(o, cmp.Or(o.summary, o.words))
}

// OriginOfSuccess is where its success is.
func (d *Document) OriginOfSuccess(o *Operation) Origin {
	key := o.successKey()
	return d.origin(o, o.succeeded().words, "responses", key)
}

// OriginOfSecurity is where it is said that it takes a credential.
func (d *Document) OriginOfSecurity(o *Operation) Origin {
	origin := d.origin(o, "", "security")
	if o.inherits {
		origin.Pointer = "/security"
	}
	return origin
}

// OriginOfRequest is where its request body is described.
func (d *Document) OriginOfRequest(o *Operation) Origin { return d.origin(o, "", "requestBody") }

// OriginOfEnd is where it is said that it ends a credential.
func (d *Document) OriginOfEnd(o *Operation) Origin {
	return d.origin(o, cmp.Or(o.summary, o.words), extEnds)
}

// OriginOfDead is where it is said how it answers a credential that is none.
func (d *Document) OriginOfDead(o *Operation) Origin { return d.origin(o, "", extDead) }

// OriginOfHandOut is where it is said that it hands out a credential.
func (d *Document) OriginOfHandOut(o *Operation) Origin {
	return d.origin(o, o.succeeded().words, "responses", o.successKey(), extHandsOut)
}

// OriginOfReissue is where it is said that a use of it gives a fresh value.
func (d *Document) OriginOfReissue(o *Operation) Origin {
	return d.origin(o, o.succeeded().words, "responses", o.successKey(), extReissues)
}

// successKey is the status under which the success is described.
func (o *Operation) successKey() string {
	code := strconv.Itoa(o.success)
	for _, key := range []string{code, code[:1] + "XX"} {
		if o.responses[key] != nil {
			return key
		}
	}
	return "default"
}

// Files are the names of the files that the contract was read from, its own first.
func (d *Document) Files() (names []string) {
	for _, s := range d.sources {
		names = append(names, s.name)
	}
	return slices.Compact(names)
}

// Tied enters where it stands what a requirement is generated from; see Place.
func (d *Document) Tied(requirement string, o Origin) { d.places[requirement] = o.Place }

// TieSuccess ties what its success is like to a requirement. It reports whether there was anything to tie.
func (o *Operation) TieSuccess(requirement string) bool {
	r := o.succeeded()
	tied := r.status == ""
	r.status, r.media = cmp.Or(r.status, requirement), cmp.Or(r.media, r.status, requirement)
	r.body = cmp.Or(r.body, r.media)
	for i := range r.headers {
		r.headers[i].requirement = cmp.Or(r.headers[i].requirement, r.status)
	}
	return tied
}

// TieNever5xx ties it that the operation answers nothing with 500 and above.
func (o *Operation) TieNever5xx(requirement string) bool {
	tied := o.never5xx == ""
	o.never5xx = cmp.Or(o.never5xx, requirement)
	return tied
}

// Requirements are those of its parts, each once.
func (o *Operation) Requirements() []string {
	all := append(o.SuccessRequirements(), o.never5xx, o.OtherMethods.Requirement)
	for _, m := range o.Malformed {
		all = append(all, m.Requirement)
	}
	if o.Wire.Slug != "" {
		all = append(all, o.Wire.Next, o.Wire.Length, o.BodyRequirement())
	}
	for _, p := range o.Promises {
		all = append(all, p.Requirement)
	}
	var known []string
	for _, requirement := range all {
		if requirement != "" && !slices.Contains(known, requirement) {
			known = append(known, requirement)
		}
	}
	return known
}

// Required are the members that its body must have by its schema, sorted.
func (o *Operation) Required() []string {
	if len(o.request) == 0 {
		return nil
	}
	names := map[string]bool{}
	for _, part := range parts(o.request[0].schema.described) {
		for _, name := range part.Value.Required {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Types are the types of JSON that a member of its body may have by its schema; none for any.
func (o *Operation) Types(member string) (types []string) {
	if len(o.request) == 0 {
		return nil
	}
	for _, s := range o.request[0].schema.at([]string{member}).schemas {
		types = append(types, s.Value.Type.Slice()...)
	}
	return types
}

// TieMalformed has it refuse requests that are broken in a way: one of the body as a whole, for no member, or of a member.
func (o *Operation) TieMalformed(requirement, member, fault string) {
	m := Malformed{Name: "body-" + fault, Title: bodyFaults()[fault].title, Requirement: requirement, fault: fault}
	if member != "" {
		m = Malformed{Name: member + "-" + fault, Title: member + " " + memberFaults()[fault].title, Member: member, Requirement: requirement, fault: fault}
	}
	m.form = o.IsForm()
	o.Malformed = append(o.Malformed, m)
}
