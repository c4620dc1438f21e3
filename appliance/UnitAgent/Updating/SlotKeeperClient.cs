using System.Net.Sockets;
using System.Text.Json;

namespace VSan.UnitAgent.Updating;

/// <summary>Asks the keeper of the boot partition over its socket.</summary>
/// <param name="socketPath">Where it listens.</param>
internal sealed class SlotKeeperClient(string socketPath) : ISlotKeeper
{
    // The keeper writes some 150 MB to a slow stick, and reads them again.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async Task<SlotAnswer> AskAsync(SlotRequest request, Stream? file, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), patience.Token);
            await using NetworkStream stream = new(socket, ownsSocket: false);
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, SlotJson.Default.SlotRequest), (byte)'\n'];
            await stream.WriteAsync(line, patience.Token);
            bool wasSent = file is null || await TrySendAsync(file, stream, patience.Token);
            using StreamReader answers = new(stream);
            string? answer = await answers.ReadLineAsync(patience.Token);
            return answer is null
                ? throw new IOException(wasSent ? "The keeper of the boot partition gave no answer." : "The keeper of the boot partition hung up.")
                : JsonSerializer.Deserialize(answer, SlotJson.Default.SlotAnswer) ?? throw new IOException("The keeper of the boot partition answered with nothing.");
        }
        catch (Exception failure) when (failure is SocketException or JsonException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IOException($"The keeper of the boot partition cannot be asked: {failure.Message}", failure);
        }
    }

    // A keeper that refuses early stops reading; its answer says why.
    private static async Task<bool> TrySendAsync(Stream file, NetworkStream stream, CancellationToken cancellationToken)
    {
        try
        {
            await file.CopyToAsync(stream, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
