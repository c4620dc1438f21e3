using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>All lookups.</summary>
public static class Lookups
{
    /// <summary>Units by name.</summary>
    public static Lookup<Unit> UnitName { get; } = new("name", unit => unit.Name);

    /// <summary>Units by key.</summary>
    public static Lookup<Unit> UnitKey { get; } = new("key_hash", unit => unit.KeyHash);

    /// <summary>Images by version.</summary>
    public static Lookup<ApplianceImage> ImageVersion { get; } = new("version", image => image.Version);

    /// <summary>Images by digest.</summary>
    public static Lookup<ApplianceImage> ImageDigest { get; } = new("digest", image => image.Digest);

    /// <summary>Updates of units by image.</summary>
    public static Lookup<UnitUpdate> UpdateImage { get; } = new("image_id", update => update.ImageId.ToString());

    /// <summary>Units by phase.</summary>
    public static Lookup<Unit> UnitPhase { get; } = new("phase", unit => unit.Phase.ToString());

    /// <summary>Left legs by unit.</summary>
    public static Lookup<LegTombstone> LegTombstoneUnit { get; } = new("unit_id", grave => grave.UnitId.ToString());

    /// <summary>Claims by unit.</summary>
    public static Lookup<DiskClaim> ClaimUnit { get; } = new("unit_id", claim => claim.UnitId.ToString());

    /// <summary>Claim rules by name.</summary>
    public static Lookup<ClaimRule> ClaimRuleName { get; } = new("name", rule => rule.Name);

    /// <summary>Stores by unit.</summary>
    public static Lookup<Domain.Store> StoreUnit { get; } = new("unit_id", store => store.UnitId.ToString());

    /// <summary>Tokens by code.</summary>
    public static Lookup<Token> TokenCode { get; } = new("code", token => token.Code);

    /// <summary>Hosts by name.</summary>
    public static Lookup<Host> HostName { get; } = new("name", host => host.Name);

    /// <summary>Hosts by initiator name.</summary>
    public static Lookup<Host> HostInitiator { get; } = new("initiator_name", host => host.InitiatorName);

    /// <summary>Hosts that joined by themselves by host.</summary>
    public static Lookup<HostMember> HostMemberHost { get; } = new("host_id", member => member.HostId.ToString());

    /// <summary>Hosts that joined by themselves by key.</summary>
    public static Lookup<HostMember> HostMemberKey { get; } = new("key_hash", member => member.KeyHash);

    /// <summary>Credentials by host.</summary>
    public static Lookup<Credential> CredentialHost { get; } = new("host_id", credential => credential.HostId.ToString());

    /// <summary>Credentials by unit.</summary>
    public static Lookup<Credential> CredentialUnit { get; } = new("unit_id", credential => credential.UnitId.ToString());

    /// <summary>Projects by name.</summary>
    public static Lookup<Project> ProjectName { get; } = new("name", project => project.Name);

    /// <summary>Policies by name.</summary>
    public static Lookup<Policy> PolicyName { get; } = new("name", policy => policy.Name);

    /// <summary>Alarms by what is wrong with what.</summary>
    public static Lookup<Alarm> AlarmKey { get; } = new("key", alarm => alarm.Key);

    /// <summary>Volumes that are not in the trash by name; each project may have one of it.</summary>
    public static Lookup<Volume> VolumeName { get; } = new("live_name", volume => volume.PurgeAt is null ? volume.Name : string.Empty);

    /// <summary>Volumes by what makes them unique.</summary>
    public static Lookup<Volume> VolumeKey { get; } = new("key", volume => volume.Key);

    /// <summary>Volumes by project.</summary>
    public static Lookup<Volume> VolumeProject { get; } = new("project_id", volume => volume.ProjectId.ToString());

    /// <summary>Volumes by state.</summary>
    public static Lookup<Volume> VolumeState { get; } = new("state", volume => volume.State.ToString());

    /// <summary>Legs by volume.</summary>
    public static Lookup<Leg> LegVolume { get; } = new("volume_id", leg => leg.VolumeId.ToString());

    /// <summary>Legs by unit.</summary>
    public static Lookup<Leg> LegUnit { get; } = new("unit_id", leg => leg.UnitId.ToString());

    /// <summary>Replacements of legs by volume.</summary>
    public static Lookup<LegReplacement> LegReplacementVolume { get; } = new("volume_id", one => one.VolumeId.ToString());

    /// <summary>Replacements of legs by the leg whose place is taken.</summary>
    public static Lookup<LegReplacement> LegReplacementOutgoing { get; } = new("outgoing_id", one => one.OutgoingId.ToString());

    /// <summary>Moves of legs by volume.</summary>
    public static Lookup<LegMove> LegMoveVolume { get; } = new("volume_id", move => move.VolumeId.ToString());

    /// <summary>Moves of legs by the unit they leave.</summary>
    public static Lookup<LegMove> LegMoveFrom { get; } = new("from_unit_id", move => move.FromUnitId.ToString());

    /// <summary>Moves of legs by the unit they go to.</summary>
    public static Lookup<LegMove> LegMoveTo { get; } = new("to_unit_id", move => move.ToUnitId.ToString());

    /// <summary>Mappings by volume.</summary>
    public static Lookup<Mapping> MappingVolume { get; } = new("volume_id", mapping => mapping.VolumeId.ToString());

    /// <summary>Mappings by host.</summary>
    public static Lookup<Mapping> MappingHost { get; } = new("host_id", mapping => mapping.HostId.ToString());

    /// <summary>Mapped legs by mapping.</summary>
    public static Lookup<MappedLeg> MappedLegMapping { get; } = new("mapping_id", leg => leg.MappingId.ToString());

    /// <summary>Mapped legs by host.</summary>
    public static Lookup<MappedLeg> MappedLegHost { get; } = new("host_id", leg => leg.HostId.ToString());

    /// <summary>Mapped legs by unit.</summary>
    public static Lookup<MappedLeg> MappedLegUnit { get; } = new("unit_id", leg => leg.UnitId.ToString());

    /// <summary>Tombstones by host.</summary>
    public static Lookup<LunTombstone> TombstoneHost { get; } = new("host_id", tombstone => tombstone.HostId.ToString());

    /// <summary>Number tombstones by unit.</summary>
    public static Lookup<LunTombstone> TombstoneUnit { get; } = new("unit_id", tombstone => tombstone.UnitId.ToString());

    /// <summary>Leftovers by unit.</summary>
    public static Lookup<Leftover> LeftoverUnit { get; } = new("unit_id", leftover => leftover.UnitId.ToString());

    /// <summary>Operations by state.</summary>
    public static Lookup<Operation> OperationState { get; } = new("state", operation => operation.State.ToString());

    /// <summary>Operations by subject.</summary>
    public static Lookup<Operation> OperationSubject { get; } = new("subject_id", operation => operation.SubjectId.ToString());

    /// <summary>Snapshots by volume.</summary>
    public static Lookup<Snapshot> SnapshotVolume { get; } = new("volume_id", snapshot => snapshot.VolumeId.ToString());

    /// <summary>Snapshots by group.</summary>
    public static Lookup<Snapshot> SnapshotGroup { get; } = new("group_id", snapshot => snapshot.GroupId.ToString());

    /// <summary>Legs of snapshots by snapshot.</summary>
    public static Lookup<SnapshotLeg> SnapshotLegSnapshot { get; } = new("snapshot_id", leg => leg.SnapshotId.ToString());

    /// <summary>Legs of snapshots by unit.</summary>
    public static Lookup<SnapshotLeg> SnapshotLegUnit { get; } = new("unit_id", leg => leg.UnitId.ToString());

    /// <summary>Shares by name; each project may have one of it.</summary>
    public static Lookup<Share> ShareName { get; } = new("name", share => share.Name);

    /// <summary>Shares by what makes them unique.</summary>
    public static Lookup<Share> ShareKey { get; } = new("key", share => share.Key);

    /// <summary>Shares by project.</summary>
    public static Lookup<Share> ShareProject { get; } = new("project_id", share => share.ProjectId.ToString());

    /// <summary>Shares by unit.</summary>
    public static Lookup<Share> ShareUnit { get; } = new("unit_id", share => share.UnitId.ToString());

    /// <summary>Bindings of shares by share.</summary>
    public static Lookup<ShareBinding> ShareBindingShare { get; } = new("share_id", binding => binding.ShareId.ToString());

    /// <summary>Bindings of shares by host.</summary>
    public static Lookup<ShareBinding> ShareBindingHost { get; } = new("host_id", binding => binding.HostId?.ToString() ?? string.Empty);

    /// <summary>Volumes that hosts asked for, by host.</summary>
    public static Lookup<HostVolume> HostVolumeHost { get; } = new("host_id", volume => volume.HostId.ToString());

    /// <summary>Schedules by name.</summary>
    public static Lookup<SnapshotSchedule> ScheduleName { get; } = new("name", schedule => schedule.Name);

    /// <summary>People by user name.</summary>
    public static Lookup<Person> PersonUserName { get; } = new("user_name", person => person.UserName);

    /// <summary>Sessions by token.</summary>
    public static Lookup<Session> SessionToken { get; } = new("token_hash", session => session.TokenHash);

    /// <summary>Sessions by person.</summary>
    public static Lookup<Session> SessionPerson { get; } = new("person_id", session => session.PersonId.ToString());

    /// <summary>Posts by who posted them.</summary>
    public static Lookup<Posting> PostAuthor { get; } = new("author", post => post.Author);

    /// <summary>Posts by whom they are for.</summary>
    public static Lookup<Posting> PostAudience { get; } = new("audience", post => post.Audience.Text);

    /// <summary>Access tokens by name.</summary>
    public static Lookup<AccessToken> AccessTokenName { get; } = new("name", token => token.Name);

    /// <summary>Access tokens by what they hash to.</summary>
    public static Lookup<AccessToken> AccessTokenHash { get; } = new("token_hash", token => token.TokenHash);

    /// <summary>Given answers by key.</summary>
    public static Lookup<GivenAnswer> AnswerKey { get; } = new("key", answer => answer.Key);

    /// <summary>Leases by name.</summary>
    public static Lookup<Lease> LeaseName { get; } = new("name", lease => lease.Name);

    private static readonly object[] AllUnique =
    [
        UnitName, UnitKey, ImageVersion, ImageDigest, TokenCode, HostName, HostInitiator, HostMemberHost, HostMemberKey, ProjectName, PolicyName, AlarmKey, VolumeKey, ShareKey, ScheduleName, ClaimRuleName, PersonUserName, SessionToken, AccessTokenName, AccessTokenHash, AnswerKey, LeaseName,
    ];

    /// <summary>The unique lookups of one kind of record.</summary>
    public static IEnumerable<Lookup<T>> Unique<T>()
        where T : Entity => AllUnique.OfType<Lookup<T>>();
}
