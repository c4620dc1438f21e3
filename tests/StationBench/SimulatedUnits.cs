using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;

namespace VSan.Tests.StationBench;

/// <summary>Units that answer at once and keep nothing, and the parts of a station that a benchmark of it does not measure.</summary>
internal sealed class SimulatedUnits : IUnitLinks, ICertificateAuthority, ISecretProtector, IStationLog
{
    private long _pushes;

    /// <summary>Configurations handed out so far.</summary>
    public long Pushes => Interlocked.Read(ref _pushes);

    /// <summary>Legs in the configurations handed out so far.</summary>
    public long PushedLegs;

    public CaFingerprint Fingerprint { get; } = CaFingerprint.TryParse($"sha256:{new string('a', 64)}", out CaFingerprint? parsed) ? parsed : throw new InvalidOperationException();

    public bool IsConnected(Guid unitId) => true;

    public void End(Guid unitId)
    {
    }

    public Task<UnitInventory> EnquireAsync(Guid unitId, CancellationToken cancellationToken) => Task.FromResult(new UnitInventory(
        unitId, [PoolOnDisk.Portal], [PoolOnDisk.Inventory(unitId)], TimeProvider.System.GetUtcNow()));

    public Task<FoundLegPage> LegsAsync(Guid unitId, Guid after, bool unservedOnly, CancellationToken cancellationToken) => Task.FromResult(new FoundLegPage([], More: false, Generation: 0));

    public byte[] Sign(ReadOnlySpan<byte> content) => new byte[64];

    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => true;

    public Task<ConfigurationStatus> PushAsync(Guid unitId, ConfigurationPush push, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _pushes);
        Interlocked.Add(ref PushedLegs, push.Configuration.Legs.Count);
        return Task.FromResult(new ConfigurationStatus(push.Configuration.Generation, push.Configuration.Generation, []));
    }

    public string Issue(Guid memberId, MemberKind kind, string certificateRequestBase64) => throw new NotSupportedException("No member joins here.");

    public byte[] Protect(ReadOnlySpan<byte> secret) => secret.ToArray();

    public byte[] Unprotect(ReadOnlySpan<byte> protectedSecret) => protectedSecret.ToArray();

    public void Information(string message)
    {
    }

    public void Warning(string message, Exception? exception = null) => Console.Error.WriteLine($"{message}{(exception is null ? string.Empty : $" {exception}")}");
}
