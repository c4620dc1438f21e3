using System.Globalization;
using VSan.Contracts.Api;
using Host = VSan.Contracts.Api.Host;

namespace VSan.HostAgent.Station;

/// <summary>The station as this host asks it, by its own certificate and within its quota.</summary>
internal sealed class HostStation(ApiClient api) : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>This host, as the station has it.</summary>
    public async Task<Host> SelfAsync(CancellationToken cancellation)
    {
        HostPage page = await api.GetAsync<HostPage>("hosts", TimeSpan.Zero, cancellation).ConfigureAwait(false);
        return page.Items is [{ } self] ? self : throw new CommandFailure(ExitCode.Denied, "The station shows more or less than this host: this is no certificate of a host.", "Join with 'vsan-host join'.");
    }

    /// <summary>A volume that this host has, by name; null when there is none.</summary>
    public async Task<Volume?> FindAsync(string name, CancellationToken cancellation)
    {
        VolumePage page = await api.GetAsync<VolumePage>($"volumes?name={Uri.EscapeDataString(name)}", TimeSpan.Zero, cancellation).ConfigureAwait(false);
        return page.Items.FirstOrDefault(volume => volume.Name == name);
    }

    /// <summary>A volume as it is now.</summary>
    public Task<Volume> VolumeAsync(Guid id, CancellationToken cancellation) => api.GetAsync<Volume>($"volumes/{id}", TimeSpan.Zero, cancellation);

    /// <summary>Asks for a volume and waits for it.</summary>
    public async Task<Volume> CreateAsync(VolumeCreate request, CancellationToken cancellation)
    {
        VolumeAccepted accepted = await api.PostAsync<VolumeCreate, VolumeAccepted>($"volumes{Wait}", request, Step, cancellation).ConfigureAwait(false);
        await FollowAsync(accepted.Operation, cancellation).ConfigureAwait(false);
        return await VolumeAsync(accepted.Volume.Id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a volume larger and waits for it.</summary>
    public async Task ExpandAsync(Guid id, long sizeBytes, CancellationToken cancellation)
    {
        Operation operation = await api.PostAsync<VolumeExpand, Operation>($"volumes/{id}:expand{Wait}", new VolumeExpand(sizeBytes), Step, cancellation).ConfigureAwait(false);
        await FollowAsync(operation, cancellation).ConfigureAwait(false);
    }

    /// <summary>Where this host's secrets stand; never the secrets.</summary>
    public Task<HostSecrets> SecretsAsync(Guid self, CancellationToken cancellation) => api.GetAsync<HostSecrets>($"hosts/{self}/secrets", TimeSpan.Zero, cancellation);

    /// <summary>What this host said last of its volumes.</summary>
    public Task<HostReport> LastReportAsync(Guid self, CancellationToken cancellation) => api.GetAsync<HostReport>($"hosts/{self}/report", TimeSpan.Zero, cancellation);

    /// <summary>Says what this host has made of its volumes.</summary>
    public Task ReportAsync(Guid self, HostReport report, CancellationToken cancellation) => api.PutAsync<HostReport, HostReport>($"hosts/{self}/report", report, cancellation);

    /// <summary>A mapping as the station has it; it holds no secret.</summary>
    public Task<Mapping> MappingAsync(Guid id, CancellationToken cancellation) => api.GetAsync<Mapping>($"mappings/{id}", TimeSpan.Zero, cancellation);

    /// <summary>How a volume is reached, secrets included; the station notes each reading.</summary>
    public Task<ConnectInfo> ConnectInfoAsync(Guid mappingId, CancellationToken cancellation) => api.GetAsync<ConnectInfo>($"mappings/{mappingId}/connect-info", TimeSpan.Zero, cancellation);

    /// <inheritdoc/>
    public void Dispose() => api.Dispose();

    private static string Wait => string.Create(CultureInfo.InvariantCulture, $"?wait={Step.TotalSeconds:0}s");

    private async Task FollowAsync(Operation operation, CancellationToken cancellation)
    {
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (operation.EndedAt is null && operation.State != OperationState.NeedsOperator)
        {
            if (Environment.TickCount64 > until) throw new CommandFailure(ExitCode.TimedOut, $"{operation.Title}: not done after {Patience.TotalMinutes:0} min. The work goes on as operation {operation.Id}.", "Repeat the command later.");
            operation = await api.GetAsync<Operation>($"operations/{operation.Id}{Wait}", Step, cancellation).ConfigureAwait(false);
        }

        if (operation.State != OperationState.Succeeded)
            throw new CommandFailure(ExitCode.Error, $"{operation.Title}: {operation.State}. {operation.Error?.Detail ?? operation.Phase}", operation.Error?.NextAction ?? $"'vsan operation show {operation.Id}' shows its steps.");
    }
}
