namespace VSan.Client;

/// <summary>Ends a command whose change the station has tried and rolled back. Caught once, where the program ends.</summary>
internal sealed class DryRunOutcome(string request, string? result) : Exception($"{request} would succeed. Nothing was changed.")
{
    /// <summary>What the change would have given, the API's JSON, or null.</summary>
    public string? Result { get; } = result;

    /// <summary>Reads the station's answer.</summary>
    public static async Task<DryRunOutcome> OfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
        {
            string json = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            return new($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}", json.Length == 0 ? null : json);
        }
    }
}
