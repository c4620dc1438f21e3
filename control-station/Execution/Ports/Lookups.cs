using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>All lookups.</summary>
public static class Lookups
{
    /// <summary>Units by name.</summary>
    public static Lookup<Unit> UnitName { get; } = new("name", unit => unit.Name);

    /// <summary>Units by key.</summary>
    public static Lookup<Unit> UnitKey { get; } = new("key_hash", unit => unit.KeyHash);

    /// <summary>Units by phase.</summary>
    public static Lookup<Unit> UnitPhase { get; } = new("phase", unit => unit.Phase.ToString());

    /// <summary>Left legs by unit.</summary>
    public static Lookup<LegTombstone> LegTombstoneUnit { get; } = new("unit_id", grave => grave.UnitId.ToString());

    /// <summary>Stores by unit.</summary>
    public static Lookup<Domain.Store> StoreUnit { get; } = new("unit_id", store => store.UnitId.ToString());

    /// <summary>Tokens by code.</summary>
    public static Lookup<Token> TokenCode { get; } = new("code", token => token.Code);

    /// <summary>Hosts by name.</summary>
    public static Lookup<Host> HostName { get; } = new("name", host => host.Name);

    /// <summary>Hosts by initiator name.</summary>
    public static Lookup<Host> HostInitiator { get; } = new("initiator_name", host => host.InitiatorName);

    /// <summary>Credentials by host.</summary>
    public static Lookup<Credential> CredentialHost { get; } = new("host_id", credential => credential.HostId.ToString());

    /// <summary>Credentials by unit.</summary>
    public static Lookup<Credential> CredentialUnit { get; } = new("unit_id", credential => credential.UnitId.ToString());

    /// <summary>Volumes by name.</summary>
    public static Lookup<Volume> VolumeName { get; } = new("name", volume => volume.Name);

    /// <summary>Legs by volume.</summary>
    public static Lookup<Leg> LegVolume { get; } = new("volume_id", leg => leg.VolumeId.ToString());

    /// <summary>Legs by unit.</summary>
    public static Lookup<Leg> LegUnit { get; } = new("unit_id", leg => leg.UnitId.ToString());

    /// <summary>Mappings by volume.</summary>
    public static Lookup<Mapping> MappingVolume { get; } = new("volume_id", mapping => mapping.VolumeId.ToString());

    /// <summary>Mappings by host.</summary>
    public static Lookup<Mapping> MappingHost { get; } = new("host_id", mapping => mapping.HostId.ToString());

    /// <summary>Mappings by unit.</summary>
    public static Lookup<Mapping> MappingUnit { get; } = new("unit_id", mapping => mapping.UnitId.ToString());

    /// <summary>Tombstones by host.</summary>
    public static Lookup<LunTombstone> TombstoneHost { get; } = new("host_id", tombstone => tombstone.HostId.ToString());

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
        UnitName, UnitKey, TokenCode, HostName, HostInitiator, VolumeName, ScheduleName, PersonUserName, SessionToken, AccessTokenName, AccessTokenHash, AnswerKey, LeaseName,
    ];

    /// <summary>The unique lookups of one kind of record.</summary>
    public static IEnumerable<Lookup<T>> Unique<T>()
        where T : Entity => AllUnique.OfType<Lookup<T>>();
}
