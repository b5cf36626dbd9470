package target

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// canary is a target with a secret in every place that can hold one.
func canary(t *testing.T) *Target {
	t.Helper()
	return parseMinimal(t, "accounts: {disabled: {username: off, password: \"${PW}-2\"}}\n")
}

func TestNothingPrintsThePassword(t *testing.T) {
	t.Parallel()
	target := canary(t)
	values := map[string]any{
		"pointer": target, "value": *target, "account": target.Account, "accounts": target.Accounts,
		"secret": target.Account.Password, "list": []Secret{target.Account.Password},
		"nested": struct{ T *Target }{target}, "pointer to account": struct{ A *Account }{&target.Account},
		"held by pointer": struct{ t *Target }{target},
	}
	outputs := map[string]string{}
	for kind, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%20s", "%.3s"} {
			if kind != "held by pointer" || strings.HasSuffix(verb, "v") { // as the doc comment of Secret demands
				outputs[kind+" by "+verb] = fmt.Sprintf(verb, value)
			}
		}
		marshalled, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		outputs[kind+" as JSON"] = string(marshalled)
		if marshalled, err = yaml.Marshal(value); err != nil {
			t.Fatal(err)
		}
		outputs[kind+" as YAML"] = string(marshalled)
		if marshalled, err = xml.Marshal(target.Account); err != nil {
			t.Fatal(err)
		}
		outputs[kind+" as XML"] = string(marshalled)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "value", value)
		outputs[kind+" logged"] = log.String()
		outputs[kind+" in an error"] = errors.Join(fmt.Errorf("with %v", value)).Error()
	}
	for how, output := range outputs {
		for form, secret := range map[string]string{
			"plain": password, "hexadecimal": fmt.Sprintf("%x", password), "capital": fmt.Sprintf("%X", password),
			"spaced": fmt.Sprintf("% x", password), "base64": base64.StdEncoding.EncodeToString([]byte(password)),
			"decimal": fmt.Sprintf("%d", []byte(password)), "its beginning": password[:7],
		} {
			if strings.Contains(output, secret) {
				t.Errorf("%s shows the password (%s): %s", how, form, output)
			}
		}
		if !strings.Contains(output, masked) && !strings.HasPrefix(how, "held by pointer") {
			t.Errorf("%s has no mask, so it did not print the target: %s", how, output)
		}
	}
}

func TestRevealAndSecrets(t *testing.T) {
	t.Parallel()
	target := canary(t)
	if got := target.Account.Password.Reveal(); got != password {
		t.Errorf("Reveal gives %q", got)
	}
	var name string
	for name = range target.Accounts {
	}
	want := []NamedSecret{{"password", password}, {"password-of-" + name, password + "-2"}}
	if got := target.Secrets(); !reflect.DeepEqual(got, want) {
		t.Errorf("Secrets gives %v, want %v", got, want)
	}
	if got := (&Target{}).Secrets(); len(got) != 0 {
		t.Errorf("an empty target has the secrets %v", got)
	}
}

func TestSecretIsReadAsAString(t *testing.T) {
	t.Parallel()
	var fromJSON, fromYAML struct{ Password Secret }
	if err := json.Unmarshal([]byte(`{"Password": "x"}`), &fromJSON); err != nil || fromJSON.Password.Reveal() != "x" {
		t.Errorf("JSON gives %q, %v", fromJSON.Password.Reveal(), err)
	}
	if err := yaml.Unmarshal([]byte("password: x"), &fromYAML); err != nil || fromYAML.Password.Reveal() != "x" {
		t.Errorf("YAML gives %q, %v", fromYAML.Password.Reveal(), err)
	}
}
