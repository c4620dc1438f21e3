using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>The station's REST API as any HTTPS client sees it; only the pool's CA is trusted.</summary>
internal sealed class PoolApi : IDisposable
{
    private readonly HttpClient _client;

    public PoolApi(Uri station, string caFile)
    {
        _client = new HttpClient(PoolTrust.Handler(caFile)) { BaseAddress = station, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task SignInAsync(string userName, string password)
    {
        SessionCreated session = await PostAsync<SessionCreated>("sessions", new SessionCreate(userName, password));
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.BearerToken);
    }

    public async Task<T> GetAsync<T>(string path) => (await SendAsync(HttpMethod.Get, $"/api/v1/{path}")).As<T>();

    public async Task<T> PostAsync<T>(string path, object body) => (await PostAsync(path, body)).As<T>();

    public Task<ApiAnswer> PostAsync(string path, object body, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, $"/api/v1/{path}", JsonSerializer.Serialize(body, ApiJson.Default.GetTypeInfo(body.GetType())!), idempotencyKey);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, $"/api/v1/{path}");

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body = null, string? idempotencyKey = null)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using HttpResponseMessage response = await _client.SendAsync(request);
        string type = response.Content.Headers.ContentType?.MediaType ?? string.Empty;
        return new ApiAnswer(response.StatusCode, type, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }

    /// <summary>Opens the stream of events; lines come as they are sent.</summary>
    public async Task<StreamReader> EventsAsync(long? lastEventId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is { } id) request.Headers.Add("Last-Event-ID", $"{id}");
        HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    public void Dispose() => _client.Dispose();
}
