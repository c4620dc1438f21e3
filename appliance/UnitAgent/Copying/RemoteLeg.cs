using System.Buffers.Binary;
using VSan.Contracts.UnitLink;
using VSan.IscsiInitiator;

namespace VSan.UnitAgent.Copying;

/// <summary>Another unit's leg, read over iSCSI.</summary>
internal sealed class RemoteLeg : IAsyncDisposable
{
    // A source that does not answer for so long is taken for gone; a disk in trouble may need its 30 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int CapacityBytes = 32;
    private const int StatusHeaderBytes = 8;
    private const int StatusDescriptorBytes = 16;
    private const int StatusBytes = StatusHeaderBytes + StatusDescriptorBytes;
    private const byte Deallocated = 1;

    private readonly IscsiSession _session;
    private readonly LegSpec _leg;

    // The extent that was asked for last, in bytes; nothing at first.
    private (long Start, long End, bool IsMapped) _extent;
    private bool _tellsHoles = true;

    private RemoteLeg(IscsiSession session, LegSpec leg) => (_session, _leg) = (session, leg);

    /// <summary>Logs in and makes sure that it is the leg meant.</summary>
    /// <exception cref="IOException">It cannot be reached, does not let this unit in, or has another size.</exception>
    public static async Task<RemoteLeg> OpenAsync(HostAccess access, LegSpec leg, CancellationToken cancellationToken)
    {
        IscsiSession session;
        try
        {
            session = await IscsiSession.LoginAsync(access, cancellation: cancellationToken);
        }
        catch (Exception failure) when (failure is not IOException && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{access.Portal} could not be logged in to: {failure.Message}", failure);
        }

        RemoteLeg remote = new(session, leg);
        try
        {
            byte[] capacity = Good(await remote.AskAsync(ScsiCommand.ReadCapacity(), CapacityBytes, cancellationToken), "READ CAPACITY");
            long sizeBytes = ((long)BinaryPrimitives.ReadUInt64BigEndian(capacity) + 1) * BinaryPrimitives.ReadUInt32BigEndian(capacity.AsSpan(8));
            if (sizeBytes != leg.SizeBytes) throw new IOException($"{access.Portal} serves {sizeBytes} bytes, not {leg.SizeBytes}.");
            return remote;
        }
        catch
        {
            await remote.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first place from <paramref name="offset"/> on, in steps of a chunk, that may hold something; the leg's size when nothing follows.</summary>
    public async Task<long> SkipHolesAsync(long offset, CancellationToken cancellationToken)
    {
        while (_tellsHoles && offset < _leg.SizeBytes)
        {
            if (offset < _extent.Start || offset >= _extent.End) _extent = await ExtentAsync(offset, cancellationToken);
            if (_extent.IsMapped) return offset;
            long end = _extent.End >= _leg.SizeBytes ? _leg.SizeBytes : _extent.End - (_extent.End % LegCopyRun.ChunkBytes);
            if (end <= offset) return offset;
            offset = end;
        }

        return offset;
    }

    /// <summary>Reads.</summary>
    public async Task<byte[]> ReadAsync(long offset, int lengthBytes, CancellationToken cancellationToken) => Good(
        await AskAsync(ScsiCommand.Read((ulong)(offset / _leg.BlockSizeBytes), lengthBytes / _leg.BlockSizeBytes), lengthBytes, cancellationToken), "READ");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async Task<(long Start, long End, bool IsMapped)> ExtentAsync(long offset, CancellationToken cancellationToken)
    {
        ScsiResult result = await AskAsync(ScsiCommand.GetLbaStatus((ulong)(offset / _leg.BlockSizeBytes), StatusBytes), StatusBytes, cancellationToken);
        if (result.Status == ScsiResult.CheckCondition)
        {
            // A thick leg has no holes to tell of.
            _tellsHoles = false;
            return (offset, _leg.SizeBytes, true);
        }

        byte[] answer = Good(result, "GET LBA STATUS");
        ReadOnlySpan<byte> descriptor = answer.AsSpan(StatusHeaderBytes);
        long blocks = BinaryPrimitives.ReadUInt32BigEndian(descriptor[8..]);
        if (blocks == 0) throw new IOException($"GET LBA STATUS told nothing of byte {offset}.");
        return (offset, Math.Min(_leg.SizeBytes, offset + (blocks * _leg.BlockSizeBytes)), (descriptor[12] & 0x0F) != Deallocated);
    }

    private Task<ScsiResult> AskAsync(byte[] cdb, int bytes, CancellationToken cancellationToken) => GiveUpAfterAsync(_session.ExecuteAsync(cdb, bytes), cancellationToken);

    private static async Task<ScsiResult> GiveUpAfterAsync(Task<ScsiResult> asked, CancellationToken cancellationToken)
    {
        try
        {
            return await asked.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException silence)
        {
            throw new IOException($"The source did not answer within {Patience.TotalSeconds} s.", silence);
        }
    }

    private static byte[] Good(ScsiResult result, string what) =>
        result.Status == ScsiResult.Good ? result.Data : throw new IOException($"{what} ended with {result}.");
}
