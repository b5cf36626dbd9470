#!/bin/sh
# {{oneline .ID}}
# {{oneline .Title}}
set -u
{{range .Variables}}
{{- if madeUp .}}{{printf ": \"${%s:=conform-made-up}\" # any value that was never issued" .}}
{{else}}{{printf ": \"${%s:?set it first}\"" .}}
{{end}}{{end}}
{{- with .Function}}{{.}}
{{end}}
{{- /* member reads a text member of the JSON in an answer. Of JSON's escapes it knows those of a single character and that of
       the plus sign, which .NET escapes. */ -}}
{{if .Member}}member() { sed -nE 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"(([^"\\]|\\.)*)".*/\1/p' | sed -e 's/\\u002[bB]/+/g' -e 's/\\\(.\)/\1/g' | head -n 1; }
{{end}}
{{- range $i, $step := .Steps}}
{{- with .Wait}}
sleep {{.}} # the check waited here
{{end}}
echo; echo '# {{next $i}}. {{.Purpose}}: {{.Words}}; the run got {{.Got}}'
{{range .Remarks}}{{.}}
{{end}}answer=$({{.Command}})
printf '%s\n' "$answer"
{{range .Taken}}{{.Variable}}=$(printf '%s\n' "$answer" | {{.How}})
{{end}}{{end}}
{{- if .Expected}}
# expected: {{short (oneline .Expected) 600}}
# the run got: {{short (oneline .Actual) 600}}
{{end -}}
