using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace VSan.UnitAgent.Link;

/// <summary>A TLS connection that this unit dialled, as Kestrel sees one that was accepted.</summary>
internal sealed class DialledConnection : ConnectionContext
{
    private readonly SslStream _stream;

    // Never disposed: Kestrel may abort a connection that has ended just before, and a source without a timer holds nothing.
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DialledConnection(SslStream stream, EndPoint remote)
    {
        _stream = stream;
        RemoteEndPoint = remote;
        ConnectionClosed = _closed.Token;
        Transport = new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream));
    }

    /// <summary>Ends when Kestrel has let go of the connection.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _closed.Cancel();
        _stream.Dispose();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _stream.DisposeAsync();
        await base.DisposeAsync();
        _ = _ended.TrySetResult();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
