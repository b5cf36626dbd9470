package kernel

import (
	"strings"
	"testing"
)

func TestReadObject(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"": "not valid JSON", `{"a":`: "not valid JSON", "{}{}": "not valid JSON", "{\"a\":\"\xff\"}": "not valid JSON",
		"null": "not a JSON object", "[{}]": "not a JSON object", `"a"`: "not a JSON object",
	} {
		if object, problem := ReadObject([]byte(body), nil); problem == nil || problem.Status != 400 || !strings.Contains(problem.Message, want) {
			t.Errorf("%s: %v, %+v", body, object, problem)
		}
	}
	body := []byte(` {"A":"first","a":"last","b":null,"c":{"d":1}} `)
	folded, problem := ReadObject(body, strings.ToLower)
	if problem != nil || len(folded) != 3 || string(folded["c"]) != `{"d":1}` {
		t.Fatalf("%v, %+v", folded, problem)
	}
	if value, wrong := folded.Text("a"); value != "last" || wrong != "" {
		t.Errorf("a is %q, %s", value, wrong)
	}
	for name, want := range map[string]Complaint{"b": Required, "none": Required, "c": NotString} {
		if value, wrong := folded.Text(name); wrong != want {
			t.Errorf("%s is %q, %s", name, value, wrong)
		}
	}
	if exact, _ := ReadObject(body, nil); len(exact) != 4 {
		t.Errorf("names as they are: %v", exact)
	}
}
