package verdict

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// fill gives every field of v that can be set a value: strings the given text, numbers 4711, lists one element.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		v.SetInt(4711)
	case reflect.Float64:
		v.SetFloat(4711)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Struct:
		if moment, ok := v.Addr().Interface().(*time.Time); ok {
			*moment = time.Date(2026, 11, 22, 6, 12, 33, 35_247_111, time.UTC)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	}
}

// Whatever a server says may be a secret, and whatever the suite says must be read as it was meant: the texts that
// redaction passes over are listed here, so that a new field is thought about.
func TestRedactedKeepsTheSuitesOwnWords(t *testing.T) {
	t.Parallel()
	var r Report
	fill(reflect.ValueOf(&r).Elem(), "4711")
	redacted := r.Redacted(func(text string) string { return strings.ReplaceAll(text, "4711", "‹ticket-1›") })
	data, err := json.Marshal(redacted)
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatalf("the redacted report cannot be read: %v", err)
	}
	if !back.Started.Equal(r.Started) || !back.Runs[0].Checks[0].Exchanges[0].Started.Equal(r.Started) {
		t.Error("a moment has changed")
	}
	if r.Runs[0].Reason != "4711" {
		t.Error("the report itself has changed")
	}
	kept := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				walk(path+"."+name, member)
			}
		case []any:
			walk(path, v[0])
		case string:
			if v == "4711" {
				kept[strings.TrimPrefix(path, ".")] = true
			}
		}
	}
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	walk("", document)
	want := []string{
		"schema", "suite", "runs.profile", "runs.catalogue", "runs.verdict", "runs.remedy",
		"runs.checks.id", "runs.checks.requirements", "runs.checks.subject", "runs.checks.level", "runs.checks.title",
		"runs.checks.statement", "runs.checks.source", "runs.checks.grounds", "runs.checks.status", "runs.checks.remedy", "runs.checks.lacks", "runs.checks.declared", "runs.checks.generator",
		"runs.checks.contract", "runs.checks.seenBy", "runs.causes.check", "runs.causes.also", "runs.causes.facts", "runs.causes.hint", "runs.again.settled",
		"runs.shard.order", "runs.shard.leftOut", "runs.shard.seen.check", "runs.shard.seen.violation.requirement",
		"since.worse.check", "since.worse.before", "since.worse.after", "since.better.check", "since.better.before", "since.better.after",
		"runs.coverage.needs.what", "runs.coverage.needs.musts", "runs.coverage.needs.inPart", "runs.coverage.needs.remedies",
	}
	for _, exchange := range []string{"runs.preflight.", "runs.checks.exchanges.", "runs.cleanUp.", "runs.shard.seen.exchange."} {
		want = append(want, exchange+"purpose", exchange+"operation", exchange+"effect", exchange+"request.method", exchange+"violations.requirement")
	}
	for _, path := range want {
		if !kept[path] {
			t.Errorf("%s, the suite's own word, was scrubbed", path)
		}
		delete(kept, path)
	}
	for path := range kept {
		t.Errorf("%s may come from the outside and was not scrubbed", path)
	}
}

func TestRedactedLeavesNoListNil(t *testing.T) {
	t.Parallel()
	r := &Report{Runs: []Run{{Checks: []Check{{Requirements: []string{"R-01"}}}}, {}}}
	data, err := json.Marshal(r.Redacted(func(text string) string { return text }))
	if err != nil || strings.Contains(string(data), "null") {
		t.Errorf("%s, %v", data, err)
	}
}
