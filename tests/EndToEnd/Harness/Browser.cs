using System.Net;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>A browser without scripts: it keeps cookies, says where its forms come from, and shows what the server rendered.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(StationUnderTest station)
    {
        SocketsHttpHandler handler = PoolTrust.Handler(station.CaFile);
        handler.CookieContainer = new CookieContainer();
        _client = new HttpClient(handler) { BaseAddress = station.Address };
        _client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public Task<ApiAnswer> OpenAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends a form as a page of the same station would.</summary>
    public Task<ApiAnswer> SubmitAsync(string path, params (string Name, string Value)[] fields) => SubmitAsync(path, "same-origin", fields);

    /// <summary>Sends a form as a page of some site would (Sec-Fetch-Site).</summary>
    public Task<ApiAnswer> SubmitAsync(string path, string site, params (string Name, string Value)[] fields)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add("Sec-Fetch-Site", site);
        return SendAsync(request);
    }

    public Task<ApiAnswer> SignInAsync(string password) =>
        SubmitAsync("/sign-in", ("user-name", StationUnderTest.UserName), ("password", password), ("return", "/app/overview"));

    public void Dispose() => _client.Dispose();

    private async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await _client.SendAsync(request);
            string type = response.Content.Headers.ContentType?.MediaType ?? string.Empty;
            return new ApiAnswer(response.StatusCode, type, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), response.Headers.Location);
        }
    }
}
