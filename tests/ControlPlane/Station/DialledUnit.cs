using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>A unit's side of a link: Kestrel that serves HTTP/2 on one stream that it has not accepted but dialled.</summary>
internal sealed class DialledUnit : IAsyncDisposable
{
    private readonly WebApplication _server;

    private DialledUnit(WebApplication server) => _server = server;

    /// <summary>Serves <paramref name="handle"/> on <paramref name="transport"/>.</summary>
    public static async Task<DialledUnit> ServeAsync(IDuplexPipe transport, RequestDelegate handle)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IConnectionListenerFactory>(new OneConnection(transport));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(new NoPort(), listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication server = builder.Build();
        server.Run(handle);
        await server.StartAsync();
        return new DialledUnit(server);
    }

    /// <summary>Two ends of a connection in memory.</summary>
    public static (IDuplexPipe Station, IDuplexPipe Unit) Pair()
    {
        Pipe up = new(), down = new();
        return (new Ends(up.Reader, down.Writer), new Ends(down.Reader, up.Writer));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class NoPort : EndPoint;

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    // The base class hands the abort to the thread pool, where it may meet a disposed source and end the process.
    private sealed class DialledContext : DefaultConnectionContext
    {
        private readonly CancellationTokenSource _closed = new();

        public DialledContext(IDuplexPipe transport)
            : base("dialled", transport, transport) => ConnectionClosed = _closed.Token;

        public override void Abort(ConnectionAbortedException abortReason) => _closed.Cancel();
    }

    private sealed class OneConnection(IDuplexPipe transport) : IConnectionListenerFactory, IConnectionListener
    {
        private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ConnectionContext? _connection = new DialledContext(transport);

        public EndPoint EndPoint { get; } = new NoPort();

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(this);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _connection, null) is { } dialled) return dialled;
            await _unbound.Task;
            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
