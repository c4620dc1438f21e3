using System.Net;
using System.Security.Cryptography;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;

namespace VSan.UnitAgent.Updating;

/// <summary>
/// A logical unit of 1 MiB in the block server's memory, for this agent alone and for the time of a trial: what is written to it over iSCSI and
/// read back proves that portals, login, rings and volumes of this version work.
/// </summary>
internal sealed class HealthTarget
{
    private const string TargetName = "iqn.2026-11.io.vsan-appliance:health";
    private const string InitiatorName = "iqn.2026-11.io.vsan-appliance:agent";
    private const string User = "agent";
    private const int BlockBytes = 512;
    private const int TestBytes = 64 * 1024;
    private const long SizeBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Guid _volumeId = Guid.NewGuid();
    private readonly string _secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The logical unit's volume, which is none of the pool's.</summary>
    public Guid VolumeId => _volumeId;

    /// <summary>True while the block server is to serve it.</summary>
    public bool IsWanted { get; set; }

    /// <summary>What the block server is to serve, with the target if it is wanted.</summary>
    public BlockServerConfiguration AddTo(BlockServerConfiguration plan)
    {
        if (!IsWanted) return plan;
        string serial = _volumeId.ToString("N");
        VolumeConfiguration volume = new(_volumeId, VolumeKind.Memory, Path: null, SizeBytes, BlockBytes, Thin: true, WriteCache: true, $"6{serial[1..]}", serial);
        AccessConfiguration access = new(InitiatorName, new ChapCredential(User, _secret), [new LogicalUnitConfiguration(0, _volumeId, ReadOnly: false)], null);
        return plan with { SelfTest = new SelfTestConfiguration(volume, new TargetConfiguration(TargetName, [access])) };
    }

    /// <summary>Writes to it, and reads it back.</summary>
    /// <returns>What was wrong, for a person; null when nothing was.</returns>
    public async Task<string?> TestAsync(string portal, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            HostAccess access = new(IPEndPoint.Parse(portal), TargetName, InitiatorName, Lun: 0, User, _secret);
            await using IscsiSession session = await IscsiSession.LoginAsync(access, cancellation: patience.Token);
            byte[] written = RandomNumberGenerator.GetBytes(TestBytes);
            ScsiResult wrote = await session.ExecuteAsync(ScsiCommand.Write(0, TestBytes / BlockBytes), 0, written).WaitAsync(patience.Token);
            if (wrote.Status != ScsiResult.Good) return $"A test write ended with {wrote}.";
            ScsiResult read = await session.ExecuteAsync(ScsiCommand.Read(0, TestBytes / BlockBytes), TestBytes).WaitAsync(patience.Token);
            return read.Status != ScsiResult.Good ? $"A test read ended with {read}." : read.Data.AsSpan().SequenceEqual(written) ? null : "What was read is not what was written.";
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the initiator meets is the block server's fault, and a reason not to bless.
            return $"{portal} was not served: {failure.Message}";
        }
    }
}
