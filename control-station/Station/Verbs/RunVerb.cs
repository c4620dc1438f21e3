using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using VSan.Images;
using VSan.Station.Certificates;
using VSan.Station.Discovery;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Verbs;

/// <summary><c>vsan-station run</c>: serves until SIGTERM or SIGINT.</summary>
internal static class RunVerb
{
    public static async Task RunAsync(string statePath, IPEndPoint listen, IPEndPoint link, int enrolmentPerSecond, bool announces, string? imageSigners, TextWriter output, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        if (!File.Exists(Path.Combine(statePath, StateDirectory.Identity)))
            throw new StationException($"{statePath} is not initialised. Run first: vsan-station init --state {statePath}");

        using StateDirectory state = StateDirectory.Open(statePath);
        StationIdentity identity = StationIdentity.Load(state);
        using PoolAuthority authority = PoolAuthority.Load(state, time);
        using SecretProtector protector = SecretProtector.Load(state);
        IEnumerable<string> names = identity.Addresses.Concat(LocalAddresses.Of(listen.Address)).Concat(LocalAddresses.Of(link.Address));
        using X509Certificate2 certificate = ServerCertificate.LoadOrIssue(state, authority, names, time);
        await using SqliteStore store = StoreFile.Open(state, time);
        await using StationHost host = new(new StationParts(listen, link, store, authority, protector, certificate, time, state.Location) { EnrolmentPerSecond = enrolmentPerSecond, ImageSigners = Signers(imageSigners) });
        await StartAsync(host, listen, link, cancellationToken);
        await output.WriteLineAsync($"vsan-station: ready https://{host.ApiEndPoint} (pool {identity.Name}, link {host.LinkEndPoint}, CA {authority.Fingerprint})");
        using CancellationTokenSource stop = new();
        Task announcing = announces ? AnnounceAsync(host, identity, authority, listen, stop.Token) : Task.CompletedTask;
        await host.WaitForShutdownAsync();
        await stop.CancelAsync();
        await announcing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ImageSigners Signers(string? path)
    {
        try
        {
            return path is null ? ImageSigners.None : ImageSigners.Load(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StationException($"--image-signers: {exception.Message} Give a file of certificates, PEM.", exception);
        }
    }

    private static async Task AnnounceAsync(StationHost host, StationIdentity identity, PoolAuthority authority, IPEndPoint listen, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = [.. LocalAddresses.Of(listen.Address).Select(text => IPAddress.TryParse(text, out IPAddress? address) ? address : null).OfType<IPAddress>()];
        try
        {
            using Announcer announcer = new(identity.Name, () => host.ApiEndPoint.Port, addresses, authority.Fingerprint.Text, Announcer.Open(), host.Log<Announcer>());
            await announcer.RunAsync(cancellationToken);
        }
        catch (SocketException exception)
        {
            host.Log<Announcer>().LogWarning("The station is not announced: {Reason} It serves all the same.", exception.Message);
        }
    }

    private static async Task StartAsync(StationHost host, IPEndPoint listen, IPEndPoint link, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            // Kestrel names the address in its message.
            throw new StationException($"{exception.Message} Stop what uses it (ss -ltnp shows it), or choose another with --listen ({listen}) or --link ({link}).", exception);
        }
        catch (SocketException exception)
        {
            throw new StationException($"The station cannot listen on {listen} and {link}: {exception.Message}. The address must be one of this machine's; ports below 1024 need a privilege.", exception);
        }
    }
}
