import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logs in and reads with HttpURLConnection, which sends the name and the token after a 401 that asks for Basic, and not before. Prints
 * each step and its status. BASE_URL, LOGON_NAME, PASSWORD.
 */
final class Basic {
    private static String content(HttpURLConnection connection) throws IOException {
        try (var stream = connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpURLConnection open(String path) throws IOException {
        return (HttpURLConnection) URI.create(System.getenv("BASE_URL") + path).toURL().openConnection();
    }

    public static void main(String[] arguments) throws IOException {
        HttpURLConnection login = open("/api/v2/sessions");
        login.setRequestMethod("POST");
        login.setRequestProperty("Content-Type", "application/json");
        login.setDoOutput(true);
        String body = "{\"username\":\"" + System.getenv("LOGON_NAME") + "\",\"password\":\"" + System.getenv("PASSWORD") + "\"}";
        login.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        System.out.println("log-in " + login.getResponseCode());
        Matcher token = Pattern.compile("\"apiToken\":\"([^\"]+)\"").matcher(content(login));
        if (!token.find()) {
            throw new IOException("no apiToken");
        }
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(System.getenv("LOGON_NAME"), token.group(1).toCharArray());
            }
        });
        HttpURLConnection read = open("/api/v2/configurations");
        System.out.println("read " + read.getResponseCode());
        content(read);
    }
}
