package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"example.org/conform/harness/reference"
	"example.org/conform/reports"
)

// manifest is what the Job says, key by key: one that is not here is none of Kubernetes' that we mean, and is refused.
type manifest struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		Completions, Parallelism int
		CompletionMode           string `yaml:"completionMode"`
		BackoffLimitPerIndex     int    `yaml:"backoffLimitPerIndex"`
		ActiveDeadlineSeconds    int    `yaml:"activeDeadlineSeconds"`
		Template                 struct {
			Spec struct {
				RestartPolicy                 string `yaml:"restartPolicy"`
				TerminationGracePeriodSeconds int    `yaml:"terminationGracePeriodSeconds"`
				AutomountServiceAccountToken  bool   `yaml:"automountServiceAccountToken"`
				SecurityContext               struct {
					RunAsNonRoot bool `yaml:"runAsNonRoot"`
					RunAsUser    int  `yaml:"runAsUser"`
					RunAsGroup   int  `yaml:"runAsGroup"`
					FSGroup      int  `yaml:"fsGroup"`
				} `yaml:"securityContext"`
				Containers []struct {
					Name, Image string
					Args        []string
					EnvFrom     []struct {
						SecretRef struct{ Name string } `yaml:"secretRef"`
					} `yaml:"envFrom"`
					SecurityContext struct {
						AllowPrivilegeEscalation bool `yaml:"allowPrivilegeEscalation"`
						ReadOnlyRootFilesystem   bool `yaml:"readOnlyRootFilesystem"`
					} `yaml:"securityContext"`
					Resources    struct{ Requests, Limits map[string]string }
					VolumeMounts []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
						ReadOnly  bool   `yaml:"readOnly"`
					} `yaml:"volumeMounts"`
				}
				Volumes []volume
			}
		}
	}
}

// volume is where the files of a mount come from.
type volume struct {
	Name   string
	Secret struct {
		SecretName string `yaml:"secretName"`
	}
	PersistentVolumeClaim struct {
		ClaimName string `yaml:"claimName"`
	} `yaml:"persistentVolumeClaim"`
	EmptyDir map[string]string `yaml:"emptyDir"`
}

// The Job's container runs as it says, with folders of this machine in the place of its volumes.
func TestKubernetesJob(t *testing.T) {
	t.Parallel()
	var job manifest
	text := read(t, filepath.Join(repository(t), ".ci/gate/kubernetes.yaml"))
	if err := yaml.UnmarshalWithOptions([]byte(text), &job, yaml.DisallowUnknownField()); err != nil {
		t.Fatal(err)
	}
	pod := job.Spec.Template.Spec
	if job.APIVersion != "batch/v1" || job.Kind != "Job" || job.Spec.CompletionMode != "Indexed" || job.Spec.Completions < 2 || pod.RestartPolicy != "Never" || len(pod.Containers) != 1 {
		t.Fatalf("it is no indexed Job: %+v", job)
	}
	var mounts []string
	for _, m := range pod.Containers[0].VolumeMounts {
		i := slices.IndexFunc(pod.Volumes, func(v volume) bool {
			return v.Name == m.Name
		})
		if i < 0 {
			t.Errorf("%s is mounted, and no volume", m.Name)
		}
		mounts = append(mounts, m.MountPath)
	}
	for _, arg := range pod.Containers[0].Args {
		if folder := filepath.Dir(arg); strings.HasPrefix(arg, "/") && !slices.Contains(mounts, folder) {
			t.Errorf("%s is not on a volume", arg)
		}
	}
	dir := t.TempDir()
	server := serve(t, reference.Options{Profile: "aria-operations-8"})
	data, err := server.Target().MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range mounts {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "targets/2.yaml"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, arg := range pod.Containers[0].Args {
		if strings.HasPrefix(arg, "/") {
			arg = dir + arg
		}
		args = append(args, strings.ReplaceAll(arg, "$(JOB_COMPLETION_INDEX)", "2"))
	}
	o := conform(t, nil, append(args, "--label-filter", "ARO-TOK-02")...)
	if _, err := reports.Read(filepath.Join(dir, "reports/2", reports.JSONFile)); o.code != 0 || err != nil {
		t.Errorf("exit code %d, %v:\n%s%s", o.code, err, o.stdout, o.stderr)
	}
}

// The workflow passes its linter, and the shards that it runs are all there are.
func TestWorkflowOfShards(t *testing.T) {
	t.Parallel()
	text := read(t, filepath.Join(repository(t), ".ci/gate/github-shards.yml"))
	if found := actionlint(t, text); found != "" {
		t.Error(found)
	}
	var workflow struct {
		Jobs map[string]struct {
			Strategy struct{ Matrix struct{ Shard []int } }
			Steps    []struct {
				Run string
				Env map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	matrix := workflow.Jobs["shard"].Strategy.Matrix.Shard
	if want := []int{1, 2, 3, 4, 5}; !slices.Equal(matrix, want) || !strings.Contains(text, "SHARD: ${{ matrix.shard }}/5\n") {
		t.Errorf("the shards are %v", matrix)
	}
	root, called := newCommand(), 0
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			words := strings.Fields(step.Run)
			if len(words) == 0 || words[0] != "conform" {
				continue
			}
			cmd, args, err := root.Find(words[1:])
			if err == nil {
				err = cmd.ParseFlags(args)
			}
			if called++; err != nil {
				t.Errorf("%s: %v", step.Run, err)
			}
		}
	}
	if called != 2 {
		t.Errorf("conform is called %d times", called)
	}
}
