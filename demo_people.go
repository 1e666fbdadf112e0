package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"matthan/auth"
	"matthan/auth/provider"
	"matthan/gateway"
)

// demoPeople have an account in the demo, for what each role shows.
var demoPeople = []struct {
	login, name, does string
	roles             []auth.Role
	area              string
}{
	{"canbo", "Cán bộ Minh", "xem camera của phường · watches the ward's cameras", []auth.Role{auth.Viewer}, "phuong-hoa-ban"},
	{"chihuy", "Chỉ huy Lan", "duyệt yêu cầu, đăng xuất máy bị mất · answers requests, signs lost phones out", []auth.Role{auth.Supervisor}, "phuong-hoa-ban"},
	{"quantri", "Quản trị Hòa", "thêm camera và tài khoản tại /manage/ · adds cameras and accounts there", []auth.Role{auth.Administrator}, auth.AllAreas},
}

// demoAccounts gives the demo's people their accounts with one password, where
// they have none.
func demoAccounts(ctx context.Context, s *signIn, password string) error {
	hash := ""
	for _, p := range demoPeople {
		_, err := s.accounts.ByLogin(ctx, p.login)
		if err == nil {
			continue
		}
		if !errors.Is(err, provider.ErrNoAccount) {
			return fmt.Errorf("look for the demo's accounts: %w", err)
		}
		if hash == "" {
			hash = provider.Hash(password)
		}
		err = s.accounts.Change(ctx, rand.Text(), func(a *provider.Account) error {
			a.Login, a.Name, a.Hash, a.Areas = p.login, p.name, hash, []string{p.area}
			for _, role := range p.roles {
				a.Roles = append(a.Roles, string(role))
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("make the demo's accounts: %w", err)
		}
	}
	return nil
}

// demoHouseholds has the owners of the demo's household cameras agree on paper, and
// lets its officers see them: for a case, as everywhere.
func demoHouseholds(ctx context.Context, s *signIn, cameras []gateway.Camera, now time.Time) error {
	for _, c := range cameras {
		if c.Kind != gateway.Household {
			continue
		}
		if _, _, there := s.tables.Consents.Get(string(c.ID)); there {
			continue // what was done to it in the demo stays
		}
		_, err := s.tables.Consents.Put(ctx, string(c.ID), auth.Consent{Camera: string(c.ID), Owner: "Bà Nguyễn Thị Tư", Contact: "Ngõ 42 Hoa Ban",
			Purposes: auth.Reasons(), Given: now, From: now, How: auth.OnPaper, Document: "DEMO-42", By: "demo"}, 0)
		if err != nil {
			return fmt.Errorf("enter the demo's consents: %w", err)
		}
	}
	for _, role := range []auth.Role{auth.Viewer, auth.Supervisor} {
		key := "demo-households-" + string(role)
		if _, _, there := s.tables.Grants.Get(key); there {
			continue
		}
		g := auth.Grant{Who: auth.Who{Role: role}, Actions: []auth.Action{auth.View}, Areas: []string{"phuong-hoa-ban"}, Kinds: []string{auth.Household},
			By: "demo", Given: now, Reason: "camera nhà dân của phường"}
		if _, err := s.tables.Grants.Put(ctx, key, g, 0); err != nil {
			return fmt.Errorf("give the demo's rights: %w", err)
		}
	}
	return nil
}

// demoPassword is easy to type on a phone and hard to guess.
func demoPassword() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12]
}

// keptSecret is made at the first start and then kept, so that links and
// passwords stay good.
func keptSecret(data, name string, fresh func() string) (string, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", fmt.Errorf("keep the demo's secrets: %w", err)
	}
	file := filepath.Join(data, name)
	text, err := readBounded(file, maxSecret)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the demo's secrets: %w", err)
	}
	secret := fresh()
	if err := writeFile(file, []byte(secret+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the demo's secrets: %w", err)
	}
	return secret, nil
}
