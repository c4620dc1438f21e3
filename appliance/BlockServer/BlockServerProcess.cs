using System.Runtime.InteropServices;
using VSan.BlockServer.Configuration;
using VSan.BlockServer.Control;
using VSan.BlockServer.Serving;
using VSan.Contracts.BlockServer;
using VSan.Interop.Uring;
using VSan.Iscsi;
using VSan.Reactor;

namespace VSan.BlockServer;

/// <summary>The verb run: from the first ring to the last drained connection.</summary>
internal static class BlockServerProcess
{
    // Initiators get this long to log out, volumes this long to finish: five seconds in all, then the process ends regardless.
    private static readonly TimeSpan LogoutTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Serves until SIGTERM or SIGINT.</summary>
    internal static async Task<int> RunAsync(CommandLine line)
    {
        var log = new EventLog(Console.Error, TimeProvider.System);
        using StateDirectory? state = StateDirectory.TryTake(line.State!, out string? error);
        if (state is null) return Fail(log, error);
        var sessions = new SessionRegistry();
        var options = new RingOptions(line.BuffersMib * 1024 * 1024);
        RingFrontEnd[] rings = [.. Enumerable.Range(0, line.Rings).Select(index => new RingFrontEnd(index, options, sessions, TimeProvider.System))];
        var incidents = new IncidentLog(log, TimeProvider.System);
        try
        {
            foreach (RingFrontEnd ring in rings)
            {
                ring.Iscsi.Incidents = incidents;
                ring.Ring.Start();
            }
        }
        catch (UringException exception)
        {
            return Fail(log, exception.Message);
        }

        using var served = new ServedConfiguration(rings, sessions, new ConfigurationFile(state.Path), log);
        error = await RestoreAsync(served, new ConfigurationFile(state.Path)).ConfigureAwait(false);
        if (error is not null) log.Error("restore-failed", ("error", error));
        using ControlSocket? control = ControlSocket.TryListen(line.Control, served, log, out error);
        if (control is null) return Fail(log, error);
        log.Info("ready", ("control", line.Control), ("rings", rings.Length), ("arenaRegistered", rings.All(ring => ring.Ring.IsArenaRegistered)));
        await ServeAsync(control, incidents).ConfigureAwait(false);
        log.Info("stopping");
        await DrainAsync(served, rings).ConfigureAwait(false);
        log.Info("stopped");
        return 0;
    }

    private static async Task<string?> RestoreAsync(ServedConfiguration served, ConfigurationFile file)
    {
        string? error = file.Read(out BlockServerConfiguration? configuration);
        if (configuration is null) return error;
        return (await served.ApplyAsync(configuration, persist: false).ConfigureAwait(false)).Error;
    }

    private static async Task ServeAsync(ControlSocket control, IncidentLog incidents)
    {
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        Task writing = incidents.RunAsync(stop.Token);
        await control.RunAsync(stop.Token).ConfigureAwait(false);
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task DrainAsync(ServedConfiguration served, RingFrontEnd[] rings)
    {
        await served.StopListeningAsync().ConfigureAwait(false);
        await Task.WhenAll(rings.Select(ring => ring.RunAsync(ring.Iscsi.RequestLogoutAll))).ConfigureAwait(false);
        long start = TimeProvider.System.GetTimestamp();
        while (rings.Any(ring => ring.Links > 0) && TimeProvider.System.GetElapsedTime(start) < LogoutTime)
            await Task.Delay(LookAgain).ConfigureAwait(false);
        await served.CloseAsync(DrainTime).ConfigureAwait(false);
        foreach (RingFrontEnd ring in rings) ring.Ring.Stop();
    }

    private static int Fail(EventLog log, string? error)
    {
        log.Error("start-failed", ("error", error));
        return 1;
    }
}
