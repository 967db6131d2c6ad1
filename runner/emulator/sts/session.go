package sts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"awslab/runner/emulator/awsproto"
)

// session is a temporary access key, as it is kept in snapshots.
type session struct {
	AccessKeyID string    `json:"accessKeyId"`
	Secret      string    `json:"secret"`
	Token       string    `json:"token"`
	Principal   string    `json:"principal"`
	UserID      string    `json:"userId"`
	RoleID      string    `json:"roleId,omitempty"` // of an assumed role; empty: GetSessionToken's
	Issued      uint64    `json:"issued"`           // counts the keys, the first is 1
	Expires     time.Time `json:"expires"`
}

// maxSessions is how many temporary keys are remembered, the latest: AWS says of
// an old one for long that it is expired, and one day that it is invalid.
const maxSessions = 1000

// issue makes a temporary key for a principal. All of it comes from the call's
// randomness and time, so that a replay gives the very same. The caller holds the
// lock.
func (s *Service) issue(call *awsproto.Call, principal, userID, roleID string, seconds int32) (*session, *types.Credentials) {
	key := &session{
		AccessKeyID: "ASIA" + accountIn(call.Account, call.Rand),
		Secret:      opaque(call.Rand, 30),
		Token:       opaque(call.Rand, 192),
		Principal:   principal,
		UserID:      userID,
		RoleID:      roleID,
		Issued:      s.issued + 1,
		Expires:     call.Time.UTC().Truncate(time.Second).Add(time.Duration(seconds) * time.Second),
	}
	s.issued++
	s.sessions[key.AccessKeyID] = key
	if len(s.sessions) > maxSessions {
		oldest := key
		for _, other := range s.sessions {
			if other.Issued < oldest.Issued {
				oldest = other
			}
		}
		delete(s.sessions, oldest.AccessKeyID)
	}
	return key, &types.Credentials{
		AccessKeyId:     aws.String(key.AccessKeyID),
		SecretAccessKey: aws.String(key.Secret),
		SessionToken:    aws.String(key.Token),
		Expiration:      aws.Time(key.Expires),
	}
}

// opaque draws size bytes in base64. They are hashed, so that those which are
// seen tell nothing of those which are not.
func opaque(random *rand.Rand, size int) string {
	var out []byte
	for len(out) < size {
		var words []byte
		for range 4 {
			words = binary.BigEndian.AppendUint64(words, random.Uint64())
		}
		sum := sha256.Sum256(words)
		out = append(out, sum[:]...)
	}
	return base64.StdEncoding.EncodeToString(out[:size])
}

// accountIn draws the sixteen characters of an access key's id behind its prefix.
// As on AWS, the account stands in the 48 bits at their start, shifted left by
// seven under a set first bit (Tal Be'ery, "A short note on AWS KEY ID", 2023).
func accountIn(account string, random *rand.Rand) string {
	number, _ := strconv.ParseUint(account, 10, 40) // an account is twelve digits
	var raw [10]byte
	binary.BigEndian.PutUint64(raw[:8], (1<<47|number<<7)<<16|random.Uint64()&0x7fffff)
	binary.BigEndian.PutUint16(raw[8:], uint16(random.Uint32()))
	return base32.StdEncoding.EncodeToString(raw[:])
}

// accountOf reads the account off an access key's id; ids from before 2019 do not
// have it, and their first bit is not set.
func accountOf(accessKeyID string) (string, bool) {
	if len(accessKeyID) != 20 {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(accessKeyID[4:])
	if err != nil || len(raw) != 10 || raw[0]&0x80 == 0 {
		return "", false
	}
	number := binary.BigEndian.Uint64(raw[:8]) >> 16 & 0x7fffffffff80 >> 7
	return fmt.Sprintf("%012d", number), number < 1_000_000_000_000
}

// Session gives a temporary key that was issued, also one that has expired. That
// of a role which is no more is unknown, as on AWS.
func (s *Service) Session(accessKeyID string) (awsproto.Session, bool) {
	s.mu.RLock()
	key, ok := s.sessions[accessKeyID]
	s.mu.RUnlock()
	if !ok || key.RoleID != "" && !s.roles.HasRole(roleOf(key.Principal), key.RoleID) {
		return awsproto.Session{}, false
	}
	return awsproto.Session{Secret: key.Secret, Token: key.Token, Principal: key.Principal, UserID: key.UserID, Expires: key.Expires}, true
}

// roleOf is the role's name in arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION.
func roleOf(principal string) string {
	_, rest, _ := strings.Cut(principal, ":assumed-role/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// Admit refuses the calls that a temporary key may not make whatever the policies
// say: those of GetSessionToken reach neither IAM (they have no MFA) nor STS but
// for AssumeRole and GetCallerIdentity (API reference of GetSessionToken). It is
// asked before a call is recorded, because the record does not tell the key.
func Admit(call *awsproto.Call) error {
	switch {
	case !call.Session:
		return nil
	case call.Service == "sts" && call.Operation == "GetSessionToken":
		return denied("Cannot call GetSessionToken with session credentials")
	case strings.Contains(call.Principal, ":assumed-role/"):
		return nil
	case call.Service == "iam", call.Service == "sts" && call.Operation != "AssumeRole" && call.Operation != "GetCallerIdentity":
		return awsproto.Error("InvalidClientTokenId", http.StatusForbidden, "The security token included in the request is invalid")
	}
	return nil
}

func (s *Service) getSessionToken(ctx context.Context, in *sts.GetSessionTokenInput) (*sts.GetSessionTokenOutput, error) {
	if in.SerialNumber != nil || in.TokenCode != nil {
		return nil, notEmulated("MFA")
	}
	call := awsproto.CallFrom(ctx)
	seconds := int32(43200)
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	if err := checkDuration(seconds, 129600); err != nil {
		return nil, err
	}
	id := userID
	if strings.HasSuffix(call.Principal, ":root") {
		id, seconds = call.Account, min(seconds, 3600)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, credentials := s.issue(call, call.Principal, id, "", seconds)
	return &sts.GetSessionTokenOutput{Credentials: credentials}, nil
}

func (s *Service) getAccessKeyInfo(ctx context.Context, in *sts.GetAccessKeyInfoInput) (*sts.GetAccessKeyInfoOutput, error) {
	if err := checkText("accessKeyId", in.AccessKeyId, 16, 128, keyText, `[\w]*`); err != nil {
		return nil, err
	}
	account, ok := accountOf(*in.AccessKeyId)
	if s.isOwn != nil && s.isOwn(*in.AccessKeyId) {
		account, ok = awsproto.CallFrom(ctx).Account, true
	}
	if !ok {
		return nil, notEmulated("access keys that do not tell their account")
	}
	return &sts.GetAccessKeyInfoOutput{Account: aws.String(account)}, nil
}

// snapshot is the whole state: keys in the order in which they were issued.
type snapshot struct {
	Issued   uint64     `json:"issued"`
	Sessions []*session `json:"sessions"`
}

// Snapshot returns the whole state; equal states give equal bytes.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return json.Marshal(snapshot{s.issued, slices.SortedFunc(maps.Values(s.sessions), func(a, b *session) int { return int(a.Issued) - int(b.Issued) })})
}

// Restore replaces the state by an earlier snapshot; nil empties it.
func (s *Service) Restore(data json.RawMessage) error {
	var state snapshot
	if len(data) > 0 {
		if err := json.Unmarshal(data, &state); err != nil {
			return fmt.Errorf("restore sts: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued, s.sessions = state.Issued, map[string]*session{}
	for _, key := range state.Sessions {
		s.sessions[key.AccessKeyID] = key
	}
	return nil
}
