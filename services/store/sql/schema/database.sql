-- Makes the database, if it is not there yet.
CREATE DATABASE IF NOT EXISTS `{{ database }}`{{ on_cluster }}
