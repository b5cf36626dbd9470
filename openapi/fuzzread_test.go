package openapi

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"example.org/conform/harness/testkit/slip"
)

// everyPart is a contract with most of what one can say, as small as that goes. What stands between « and » are its values.
const everyPart = `openapi: «3.1.0»
info: {title: «Small», version: «'1'»}
x-samples: {requirement: «SML-SAM-01», spellings: [«charset»], first: [«charset»]}
paths:
  /s:
    post:
      operationId: «login»
      security: [{basic: []}]
      x-never-5xx: «SML-ERR-01»
      x-refused-otherwise: «true»
      x-other-methods: {requirement: «SML-SES-03»}
      x-promises:
        - {check: «SML-SES-02/wrong», title: «refuses a wrong password», at: «password», sent: [«wrong»], status: «401»}
      requestBody:
        required: «true»
        x-refused-when-malformed:
          requirement: «SML-SES-02»
          bodies: [«empty», «nested»]
          members: {username: [«missing», «number»], password: «[missing]»}
        content:
          application/json:
            schema:
              type: object
              required: [«username»]
              properties: {username: {type: «string»}, password: {type: string, x-secret: «password»}}
            examples: {one: {value: «{username: u, password: p}»}}
      responses:
        '201':
          description: «made»
          x-requirement: «SML-SES-01»
          x-hands-out: {kind: «session», value: «$response.body#/token», names: {id: {value: «'$response.body#/id'»}}, ends: «'$response.body#/ends'», lifetime: «token»}
          links: {end: {operationId: «logout», parameters: {id: «'$response.body#/id'»}}}
          headers: {Location: {required: true, schema: {type: «string», minLength: «1»}, x-requirement: «SML-SES-04»}}
          content:
            application/json:
              schema: {$ref: «'#/components/schemas/Session'»}
        4XX: {$ref: «'#/components/responses/Refused'»}
  /s/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: «integer»}, x-secret: «id»}]
    delete:
      operationId: «logout»
      security: [{«bearer»: []}]
      x-ends: {spares: [«siblings»]}
      x-wire: {slug: «end», words: «an end», next: «SML-END-02», length: «SML-END-03»}
      responses: {'204': {description: «gone», x-requirement-all: «SML-END-01»}, 4XX: {$ref: «'other.yaml#/components/responses/Refused'»}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    bearer: {type: «http», scheme: «bearer», x-credential: {kind: «session»}}
  responses:
    Refused: {description: «refused», content: {application/json: {schema: {type: [«string», 'null'], maxLength: «9», pattern: «'^a'»}}}}
  schemas:
    Base: {type: object, properties: {id: {type: integer, x-requirement: «SML-SES-05», x-mutations: {word: «id», ways: [«missing», «'null'»], renamed: «ID»}}}}
    Session:
      allOf: [{$ref: '#/components/schemas/Base'}]
      properties:
        token: {type: string, x-secret: «token», format: «uuid»}
        ends: {type: string, format: «date-time», x-expected: «a date»}
      unevaluatedProperties: «false»
`

const otherFile = "components: {responses: {Refused: {description: refused}}}\n"

func plainly(template string) string {
	return strings.NewReplacer("«", "", "»", "").Replace(template)
}

func made(text string) (*Document, error) {
	return loadText(map[string]string{"made.yaml": text, "other.yaml": otherFile})
}

// Whatever is given for a contract, wherever a secret stands in it: no piece of it is told.
func TestNoErrorTellsASecret(t *testing.T) {
	t.Parallel()
	if _, err := made(plainly(everyPart)); err != nil {
		t.Fatalf("the contract that the slips break is broken itself: %v", err)
	}
	refused, placed := 0, 0
	judge := func(text string) {
		_, err := made(text)
		if err == nil {
			return
		}
		refused++
		if strings.Contains(err.Error(), ".yaml:") {
			placed++
		}
		if told := slip.Told(err.Error()); told != "" || strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 500 {
			t.Errorf("%q:\nnot one short line, or it tells %q: %q", text, told, err)
		}
	}
	m := slip.New(5)
	for place := range slip.Places(everyPart) {
		for way := place % 6; way < slip.Ways(); way += 6 {
			judge(m.At(everyPart, place, way))
		}
	}
	for range 700 {
		judge(m.Mix(everyPart))
	}
	if t.Logf("%d refused, %d with their place", refused, placed); refused < 1200 || placed < refused/2 {
		t.Errorf("only %d contracts were refused, and %d with their place: that proves little", refused, placed)
	}
}

// A few parts that refer to each other stand for millions. Reading them ends all the same.
func TestReferencesThatMultiplyAreRefused(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(madeOperation("      responses: {'200': {description: fine, content: {application/json: {schema: {$ref: '#/components/schemas/A0'}}}}}\n"))
	text.WriteString("components:\n  schemas:\n    A40: {type: string}\n")
	for i := range 40 {
		next := "{$ref: '#/components/schemas/A" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10)) + "'}"
		name := "A" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		text.WriteString("    " + name + ": {type: object, properties: {a: " + next + ", b: " + next + "}}\n")
	}
	_, err := loadText(map[string]string{"made.yaml": strings.ReplaceAll(text.String(), "A0'", "A00'")})
	if err == nil || !strings.Contains(err.Error(), "schema: of more than ") {
		t.Errorf("got %v", err)
	}
}

// FuzzRead reads whatever a file may hold: a contract of which everything can be asked, or an error of one line that tells nothing of it.
func FuzzRead(f *testing.F) {
	m := slip.New(6)
	f.Add([]byte(plainly(everyPart)))
	for range 5 {
		f.Add([]byte(m.Mix(everyPart)))
	}
	f.Add([]byte(madeOperation("      responses: {'200': {description: fine}}\n")))
	f.Add([]byte("a: &a [x]\nb: [*a, *a]\nopenapi: 3.1.0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 6<<10 {
			t.Skip("what is slow to read finds little")
		}
		d, err := load("made", func(name string) ([]byte, error) {
			switch name {
			case "made.yaml":
				return text, nil
			case "other.yaml":
				return []byte(otherFile), nil
			}
			return nil, fs.ErrNotExist
		})
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || slip.Told(err.Error()) != "" || len(err.Error()) > 500 {
				t.Errorf("the error: %q", err)
			}
			return
		}
		d.Mutations()
		d.Place("login")
		for _, o := range d.Operations() {
			o.Undocumented()
			for _, malformed := range o.Malformed {
				if _, err := malformed.Body(map[string]any{"username": "u"}); err != nil {
					t.Errorf("%s: %v", malformed.Name, err)
				}
			}
			for _, status := range []int{o.Success(), 403, 500} {
				answer := Answer{Status: status, Header: http.Header{"Content-Type": {jsonType}}, Body: []byte(`{"id":1,"token":"x"}`)}
				for _, difference := range o.Validate(answer) {
					if difference.Place == "" {
						t.Errorf("%s: %+v", o.ID(), difference)
					}
				}
				o.SecretsIn(answer.Body, true, status)
				o.Legible(status, answer.Body)
			}
		}
	})
}
