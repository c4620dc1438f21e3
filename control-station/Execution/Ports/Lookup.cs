using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A way to find records other than by identity; each store keeps an index for it.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Key">The column's value of a record.</param>
/// <param name="Unique">At most one record may have each value.</param>
public sealed record Lookup<T>(string Column, Func<T, string> Key, bool Unique = false)
    where T : Entity;

/// <summary>All lookups.</summary>
public static class Lookups
{
    /// <summary>Units by name.</summary>
    public static Lookup<Unit> UnitName { get; } = new("name", unit => unit.Name, Unique: true);

    /// <summary>Units by key.</summary>
    public static Lookup<Unit> UnitKey { get; } = new("key_hash", unit => unit.KeyHash, Unique: true);

    /// <summary>Units by phase.</summary>
    public static Lookup<Unit> UnitPhase { get; } = new("phase", unit => unit.Phase.ToString());

    /// <summary>Stores by unit.</summary>
    public static Lookup<Domain.Store> StoreUnit { get; } = new("unit_id", store => store.UnitId.ToString());

    /// <summary>Tokens by code.</summary>
    public static Lookup<Token> TokenCode { get; } = new("code", token => token.Code, Unique: true);

    /// <summary>Hosts by name.</summary>
    public static Lookup<Host> HostName { get; } = new("name", host => host.Name, Unique: true);

    /// <summary>Hosts by initiator name.</summary>
    public static Lookup<Host> HostInitiator { get; } = new("initiator_name", host => host.InitiatorName, Unique: true);

    /// <summary>Credentials by host.</summary>
    public static Lookup<Credential> CredentialHost { get; } = new("host_id", credential => credential.HostId.ToString());

    /// <summary>Credentials by unit.</summary>
    public static Lookup<Credential> CredentialUnit { get; } = new("unit_id", credential => credential.UnitId.ToString());

    /// <summary>Volumes by name.</summary>
    public static Lookup<Volume> VolumeName { get; } = new("name", volume => volume.Name, Unique: true);

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

    /// <summary>People by user name.</summary>
    public static Lookup<Person> PersonUserName { get; } = new("user_name", person => person.UserName, Unique: true);

    /// <summary>Sessions by token.</summary>
    public static Lookup<Session> SessionToken { get; } = new("token_hash", session => session.TokenHash, Unique: true);

    /// <summary>Given answers by key.</summary>
    public static Lookup<GivenAnswer> AnswerKey { get; } = new("key", answer => answer.Key, Unique: true);
}
