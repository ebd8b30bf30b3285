package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheResultOfCNINamesThePod(t *testing.T) {
	folder := t.TempDir()
	told := `{"cniArgs":[["K8S_POD_NAME","answers-1"],["K8S_POD_NAMESPACE","anzhi"]],"result":{"ips":[{"address":"10.213.128.7/32"}]}}`
	if err := os.WriteFile(filepath.Join(folder, "anzhi-pods-0-eth0"), []byte(told), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := given(folder, "10.213.128.7"); found != "anzhi/answers-1" {
		t.Fatal(found)
	}
	if found := given(folder, "10.213.128.70"); found != "" {
		t.Fatal(found)
	}
}
