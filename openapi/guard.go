package openapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A contract may be a file that was given by mistake, and hold anything. So what is said of one quotes nothing of it but names that look like
// names, and no word of a library about it, which may quote a line. The place says where to look.

// shownNames are the texts that are quoted: words, as operations, members, schemes, media types and statuses are called by.
var shownNames = regexp.MustCompile(`^(?:[A-Za-z]+(?:[-_/.+][A-Za-z]+)*|[1-5][0-9X]{2})$`)

// longestShown is longer than what anybody calls an operation.
const longestShown = 48

// shown is a name of the file as it stands in a message.
func shown(name string) string {
	if len(name) > longestShown || !shownNames.MatchString(name) {
		return "‹…›"
	}
	return name
}

// most bounds a document, and mostParts the parts of one schema with all that it refers to: a few that refer to each other stand for
// millions.
const (
	most      = 4 << 20
	mostParts = 20000
)

// misfit is what encoding/json says of an extension, but in words that quote nothing.
func misfit(err error) string {
	var kind *json.UnmarshalTypeError
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		if name, err := strconv.Unquote(name); err == nil {
			return fmt.Sprintf("unknown field %q", shown(name))
		}
	}
	if errors.As(err, &kind) {
		form, _, _ := strings.Cut(kind.Value, " ") // a number stands behind it
		return fmt.Sprintf("%s is a JSON %s, which is no %s", shown(cmp.Or(kind.Field, "it")), form, kind.Type)
	}
	if own, is := errors.AsType[ownError](err); is {
		return string(own)
	}
	return "not of its form"
}

// ownError is an error whose text is ours.
type ownError string

func (e ownError) Error() string { return string(e) }

// noSchema is what the engine says of a schema, but in words that quote nothing.
func noSchema(err error) error {
	var wrong *jsonschema.SchemaValidationError
	var at *jsonschema.ValidationError
	if !errors.As(err, &wrong) || !errors.As(wrong.Err, &at) {
		return errors.New("no schema")
	}
	for len(at.Causes) > 0 { // the innermost is the last
		at = at.Causes[len(at.Causes)-1]
	}
	place := ""
	for _, token := range at.InstanceLocation {
		place += "/" + shown(token)
	}
	return fmt.Errorf("no schema: at '%s'", place)
}

// outside is a reference that leads out of the folder of the contracts.
type outside struct{ to string }

func (outside) Error() string { return "a reference leaves the folder of the contracts" }

// whither says where it leads, without quoting it.
func (o outside) whither() string {
	if strings.Contains(o.to, "://") || strings.HasPrefix(o.to, "//") {
		return "to the network, which is not asked"
	}
	return "out of the document's own folder"
}

// referred are the references that a line of a document makes.
var referred = regexp.MustCompile(`\$ref['"]?\s*:\s*['"]?([^'"\s,}]+)`)

// unresolved is the place of the first reference of which the loader speaks; "" where it speaks of none.
func (s sources) unresolved(err error) string {
	text := err.Error()
	if !strings.Contains(text, "ref") && !strings.Contains(text, "resolve") && !strings.Contains(text, "not found") {
		return ""
	}
	place := s.find(func(line string) bool {
		for _, found := range referred.FindAllStringSubmatch(line, -1) {
			last := found[1][strings.LastIndexByte(found[1], '/')+1:]
			if strings.Contains(text, `"`+found[1]+`"`) || strings.Contains(text, `"`+last+`"`) || strings.HasSuffix(text, found[1]) {
				return true
			}
		}
		return false
	})
	if place == "" {
		return ""
	}
	return " (" + place + ")"
}

// missing is a reference to a file that is not there.
type missing struct {
	to string
	error
}

func (missing) Error() string   { return "no such file" }
func (m missing) Unwrap() error { return m.error }

var yamlLine = regexp.MustCompile(`\bline ([1-9][0-9]{0,8})\b`)

// unread is what the loader says of a document, but in words that quote nothing, with the line where one is known.
func (s sources) unread(l loading, err error) error {
	profile := l.profile
	refers := func(to string) string {
		line := s.find(func(line string) bool { return strings.Contains(line, "$ref") && strings.Contains(line, to) })
		if line == "" {
			return ""
		}
		return " (" + line + ")"
	}
	if to, is := errors.AsType[outside](err); is {
		if l.brought {
			return fmt.Errorf("load contract %s%s: a reference leads %s; save what it names beside the document, and refer to that", profile,
				refers(to.to), to.whither())
		}
		return fmt.Errorf("load contract %s%s: %w", profile, refers(to.to), to)
	}
	if file, is := errors.AsType[missing](err); is {
		if len(s) == 0 {
			return fmt.Errorf("load contract %s: reading %s: %w", profile, l.file, file)
		}
		return fmt.Errorf("load contract %s%s: a reference to a file that is not there: %w", profile, refers(file.to), file)
	}
	if own, is := errors.AsType[ownError](err); is {
		return fmt.Errorf("load contract %s: %w", profile, own)
	}
	if to := s.unresolved(err); l.brought && to != "" {
		return fmt.Errorf("load contract %s%s: a reference leads to nothing, or round in a circle; mend what stands behind $ref", profile, to)
	}
	place := ""
	if found := yamlLine.FindStringSubmatch(err.Error()); found != nil && len(s) > 0 {
		line, _ := strconv.Atoi(found[1])
		place = " (" + s[len(s)-1].at(line) + ")"
	}
	return fmt.Errorf("load contract %s%s: not readable as an OpenAPI 3 document; look for a wrong indent, an open quote or bracket, a value of "+
		"the wrong form, and a reference that leads to nothing", profile, place)
}

// guarded makes an error of a panic of the loader, which is not ours: should a file upset it, the file is at fault.
func guarded[T any](load func() (T, error)) (loaded T, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the library gave up")
		}
	}()
	return load()
}

// reading reads a file of the folder.
func reading(read func(string) ([]byte, error), name string, most int) ([]byte, error) {
	text, err := read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing{name, fs.ErrNotExist}
	}
	if err == nil && len(text) > most {
		err = ownError(fmt.Sprintf("larger than %d bytes; that is no contract", most))
	}
	return text, err
}
